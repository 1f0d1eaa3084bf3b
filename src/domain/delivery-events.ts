import { byName, type Fields, id, list, record, text, textOrNull, type Shape, whole, word } from './shape.js';

/** What the data of an event that only webhooks carry have. */
interface AboutWebhook {
  readonly webhook_id: string;
}

const fields: Fields<AboutWebhook> = { webhook_id: id };

function orNull<Value>(shape: Shape<Value>): Shape<Value | null> {
  return { anyOf: [shape, { type: 'null' }] };
}

/** What was tried and recorded nothing in the log: an entry of the attempts journal. */
const attempt = {
  outcome: word(['refused', 'failed', 'read']),
  route: text,
  status: whole,
  code: textOrNull,
  actor: orNull(record({ kind: word(['user', 'operator', 'system']), id: textOrNull, name: text })),
  claimed: orNull(byName(text)),
  credential: orNull(record({ kind: text, id: textOrNull, name: textOrNull })),
  subjects: list(record({ type: text, id, name: textOrNull })),
  repeated: whole,
  at: whole,
  request_id: text,
  source: record({ address: text, user_agent: textOrNull }),
};

/** The events that are made for one webhook and are in no log, each with its current version and the fields of its data. */
export const deliveryEvents = {
  AttemptRecorded: { version: 1, fields: attempt },
  WebhookTest: { version: 1, fields },
  WebhookVerified: { version: 1, fields },
} as const;

export type DeliveryEventType = keyof typeof deliveryEvents;

export function isDeliveryEvent(type: string): type is DeliveryEventType {
  return Object.hasOwn(deliveryEvents, type);
}
