import { deliveryEvents, type DeliveryEventType } from '../../domain/delivery-events.js';
import type { ATTEMPT_RECORDED } from '../../feed/attempt-event.js';
import { type CloudEvent, schemaUrl } from '../../feed/cloud-event.js';
import type { Unit } from './unit.js';

/** Events that the sender makes for one webhook. */
export type OwnEventType = Exclude<DeliveryEventType, typeof ATTEMPT_RECORDED>;

/** The account and the webhook that such an event is about. */
export interface AboutWebhook {
  readonly account: string;
  readonly webhook: { readonly id: string };
}

export interface OwnEvent {
  readonly type: OwnEventType;
  readonly id: string;
}

/** How the ids of deliveries begin that carry such an event. */
const OWN = 'own.';

/** An event that is not in the log: it has no place there. */
export type OwnCloudEvent = Omit<CloudEvent, 'sequence' | 'correlationid'>;

/** @param base address of the service, without a slash at the end; @param time ISO 8601 in UTC with milliseconds */
export function ownCloudEvent(
  { type, id }: OwnEvent,
  { account, webhook }: AboutWebhook,
  base: string,
  time: string,
): OwnCloudEvent {
  return {
    specversion: '1.0',
    id: ownEventId(id, account, webhook.id),
    source: `/accounts/${account}`,
    type,
    subject: `webhooks/${webhook.id}`,
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrl(base, type, deliveryEvents[type].version),
    authtype: 'system',
    authid: 'system',
    data: { webhook_id: webhook.id },
  };
}

/** What the delivery of such an event is known by. */
export function ownUnit(
  type: OwnEventType,
  id: string,
  { account, webhook }: AboutWebhook,
  planned: number,
): Unit {
  const eventId = ownEventId(id, account, webhook.id);
  return { id: `${OWN}${id}`, events: [], eventId, type, keys: [], before: '', planned };
}

/** Whether a delivery carries such an event. */
export function isOwn(delivery: string): boolean {
  return delivery.startsWith(OWN);
}

function ownEventId(id: string, account: string, webhook: string): string {
  return `${account}/webhooks/${webhook}/${id}`;
}
