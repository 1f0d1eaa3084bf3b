import { isDeliveryEvent } from '../../domain/delivery-events.js';
import type { JsonSchema } from '../../domain/shape.js';
import { schemaUrl } from '../../feed/cloud-event.js';
import { cloudEventSchema, ownCloudEventSchema } from '../../feed/cloud-event-schema.js';
import { type EventType, eventTypes } from '../../feed/event-types.js';

type ByName = Readonly<Record<string, object>>;

/** What is said, once for each type of event: the schemas, and the messages that carry them. */
export interface EventMessages {
  readonly schemas: ByName;
  readonly messages: ByName;
  /** The names of the messages of the feed and of its streams. */
  readonly inFeed: readonly string[];
  readonly inWebhooks: readonly string[];
}

const names = eventTypes.map(({ type }) => type);
const inFeed = names.filter((type) => !isDeliveryEvent(type));

/** @param base address of the service, without a slash at the end */
export function eventMessages(base: string): EventMessages {
  const schemas = eventTypes.flatMap((event): [string, object][] => [
    [event.type, dataSchema(event)],
    [envelope(event.type), envelopeSchema(event, base)],
  ]);
  return {
    schemas: {
      ...{ CloudEvent: cloudEventSchema, OwnCloudEvent: ownCloudEventSchema },
      AnyEvent: { oneOf: inFeed.map(whole) },
      ...Object.fromEntries(schemas),
    },
    messages: {
      ...Object.fromEntries(inFeed.map((type) => [type, { name: type, payload: whole(type) }])),
      ...Object.fromEntries(names.map((type) => [webhook(type), webhookMessage(type)])),
    },
    inFeed,
    inWebhooks: names.map(webhook),
  };
}

/** A document has one dialect; what these schemas say is the same in all of them. */
function dataSchema({ schema: { $schema: _, ...schema } }: EventType): JsonSchema {
  return schema;
}

function envelopeSchema({ type, version }: EventType, base: string): JsonSchema {
  const properties = {
    type: { const: type },
    dataschema: { const: schemaUrl(base, type, version) },
    data: schemaRef(type),
  };
  return {
    allOf: [
      schemaRef(isDeliveryEvent(type) ? 'OwnCloudEvent' : 'CloudEvent'),
      { type: 'object', properties },
    ],
  };
}

/** An event with its data. */
function whole(type: string): JsonSchema {
  return { allOf: [schemaRef(envelope(type)), { type: 'object', required: ['data'] }] };
}

function webhookMessage(type: string): object {
  const cursor = { type: 'string', description: 'Up to where everything was accepted or given up' };
  const more = { type: 'object', properties: { cursor }, required: ['cursor'] };
  return {
    name: type,
    payload: { allOf: [schemaRef(envelope(type)), more] },
    traits: [{ $ref: '#/components/messageTraits/webhook' }],
  };
}

function envelope(type: string): string {
  return `${type}Event`;
}

function webhook(type: string): string {
  return `${type}Webhook`;
}

export function schemaRef(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
