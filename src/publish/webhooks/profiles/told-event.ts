import type { WebhookFacts } from '../../../domain/webhook-record.js';
import type { CloudEvent } from '../../../feed/cloud-event.js';

type Only = 'sequence' | 'correlationid' | 'authid';

/** An event as a webhook tells it, in the log or not. */
export type AnyCloudEvent = Omit<CloudEvent, Only | 'authtype'> &
  Partial<Pick<CloudEvent, Only>> & { readonly authtype: CloudEvent['authtype'] | 'unauthenticated' };

type Data = Readonly<Record<string, unknown>>;

/** What an event tells a profile that is no CloudEvent. */
export interface ToldEvent {
  readonly event: AnyCloudEvent;
  /** All of them, or what a thin one has: ids, and what says which activity it was. */
  readonly data: Data;
  readonly isThin: boolean;
  /** Up to where everything was accepted or given up. */
  readonly cursor: string;
}

const ofThin = [
  ...['user_id', 'group_id', 'role_id', 'client_id', 'webhook_id', 'mail_id', 'key_id', 'tab_instance_id'],
  ...['permissions', 'status'],
];

export function toldEvent(text: string, payload: WebhookFacts['payload'], cursor: string): ToldEvent {
  const event = JSON.parse(text) as AnyCloudEvent;
  const isThin = payload === 'thin';
  const data: Data = { ...event.data };
  const ids = Object.fromEntries(Object.entries(data).filter(([name]) => ofThin.includes(name)));
  return { event, data: isThin ? ids : data, isThin, cursor };
}

/** The account that an event happened in. */
export function accountIn({ source }: AnyCloudEvent): string {
  return source.slice('/accounts/'.length);
}

/** What an event is about. */
export function subjectIn({ subject }: AnyCloudEvent): { readonly type: string; readonly id: string } {
  const [kind = '', id = ''] = subject.split('/');
  return { type: kind.slice(0, -1), id };
}
