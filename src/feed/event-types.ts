import { deliveryEvents, isDeliveryEvent } from '../domain/delivery-events.js';
import { eventCatalogue, isEventType } from '../domain/event-catalogue.js';
import { eventNames } from '../domain/event-names.js';
import type { JsonSchema } from '../domain/shape.js';

/** What the data of an event look like in one version, without the fields that never leave the service. */
export interface EventType {
  readonly type: string;
  readonly version: number;
  /** JSON Schema 2020-12. */
  readonly schema: JsonSchema;
}

/** The types of events with their current versions, by name: those of the log, and those that only webhooks carry. */
export const eventTypes: readonly EventType[] = eventNames.flatMap((type) => currentType(type) ?? []);

/** @returns undefined for a type or a version that there never was */
export function eventTypeOf(type: string, version: number): EventType | undefined {
  const current = currentType(type);
  if (version === current?.version) return current;
  if (!isEventType(type)) return undefined;
  const { formerly = [], secret } = eventCatalogue[type];
  const fields = formerly[version - 1];
  return fields && described(type, version, fields, secret);
}

function currentType(type: string): EventType | undefined {
  if (isDeliveryEvent(type))
    return described(type, deliveryEvents[type].version, deliveryEvents[type].fields);
  if (!isEventType(type)) return undefined;
  const { version, fields, secret } = eventCatalogue[type];
  return described(type, version, fields, secret);
}

function described(
  type: string,
  version: number,
  fields: Readonly<Record<string, JsonSchema>>,
  secret: readonly string[] = [],
): EventType {
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
