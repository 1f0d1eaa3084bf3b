import { version } from '../../version.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { CloudEvent } from '../../feed/cloud-event.js';
import type { OwnCloudEvent } from './own-event.js';

/** What goes out in one request. */
export interface Message {
  /** The `webhook-id`: the id of its event, of a batch that of the last. */
  readonly id: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

type AnyEvent = CloudEvent | OwnCloudEvent;

/**
 * @param cursor up to which everything was accepted or given up
 * @param at `<account>@<revision>` of the last event, if it is in the log
 */
export function messageOf(
  events: readonly AnyEvent[],
  { payload, batch }: Pick<WebhookFacts, 'payload' | 'batch'>,
  cursor: string,
  at?: string,
): Message {
  const bodies = events.map((event) => JSON.stringify(bodyOf(event, payload, cursor)));
  return {
    id: events.at(-1)?.id ?? '',
    body: batch > 1 ? bodies.map((body) => `${body}\n`).join('') : bodies.join(''),
    headers: {
      'user-agent': `Muster/${version()}`,
      'content-type': batch > 1 ? 'application/x-ndjson' : 'application/cloudevents+json; charset=utf-8',
      ...(at === undefined ? {} : { 'muster-revision': at }),
    },
  };
}

function bodyOf(event: AnyEvent, payload: WebhookFacts['payload'], cursor: string): object {
  if (payload === 'full') return { ...event, cursor };
  return { ...Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'data')), cursor };
}
