import { type Fields, id } from './shape.js';

/** What the data of an event that only webhooks carry have. */
interface AboutWebhook {
  readonly webhook_id: string;
}

const fields: Fields<AboutWebhook> = { webhook_id: id };

/** The events that are made for one webhook and are in no log, each with its current version and the fields of its data. */
export const deliveryEvents = {
  WebhookTest: { version: 1, fields },
  WebhookVerified: { version: 1, fields },
} as const;

export type DeliveryEventType = keyof typeof deliveryEvents;

export function isDeliveryEvent(type: string): type is DeliveryEventType {
  return Object.hasOwn(deliveryEvents, type);
}
