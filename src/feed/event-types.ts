import { eventCatalogue, isEventType } from '../domain/event-catalogue.js';
import type { JsonSchema } from '../domain/shape.js';

/** What the data of an event look like in one version, without the fields that never leave the service. */
export interface EventType {
  readonly type: string;
  readonly version: number;
  /** JSON Schema 2020-12. */
  readonly schema: JsonSchema;
}

/** The types of events with their current versions, by name. */
export const eventTypes: readonly EventType[] = Object.keys(eventCatalogue)
  .sort()
  .flatMap((type) => (isEventType(type) ? [currentType(type)] : []));

/** @returns undefined for a type or a version that there never was */
export function eventTypeOf(type: string, version: number): EventType | undefined {
  if (!isEventType(type)) return undefined;
  const { version: current, formerly = [] } = eventCatalogue[type];
  if (version === current) return currentType(type);
  const fields = formerly[version - 1];
  return fields && described(type, version, fields);
}

function currentType(type: keyof typeof eventCatalogue): EventType {
  const { version, fields } = eventCatalogue[type];
  return described(type, version, fields);
}

function described(
  type: keyof typeof eventCatalogue,
  version: number,
  fields: Readonly<Record<string, JsonSchema>>,
): EventType {
  const secret: readonly string[] = eventCatalogue[type].secret;
  const properties = Object.fromEntries(Object.entries(fields).filter(([name]) => !secret.includes(name)));
  return {
    type,
    version,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: type,
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    },
  };
}
