import { version } from '../../version.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import { ATTEMPT_RECORDED } from '../../feed/attempt-event.js';
import { eventId } from '../../feed/cloud-event.js';
import type { FeedEvent } from '../../feed/recent-events.js';
import { cefOf } from './profiles/cef.js';
import { ocsfOfAttempt } from './profiles/ocsf-attempt.js';
import { ocsfOf } from './profiles/ocsf.js';
import { toldEvent } from './profiles/told-event.js';

/** What goes out in one request. */
export interface Message {
  /** The `webhook-id`: the id of its event, of a batch that of the last. */
  readonly id: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An event that goes out. */
export interface SentEvent {
  readonly id: string;
  /** The CloudEvent as JSON on one line; `data` comes last. */
  readonly text: string;
  /** `<account>@<revision>`, if it is in the log. */
  readonly at?: string;
}

/** An event of the log as it goes out. */
export function sentEvent({ account, revision, text }: FeedEvent): SentEvent {
  return { id: eventId(account, revision), text, at: `${account}@${revision}` };
}

type Form = Pick<WebhookFacts, 'payload' | 'batch' | 'profile'>;

const NDJSON = 'application/x-ndjson';
const types: Readonly<Record<WebhookFacts['profile'], readonly [one: string, batch: string]>> = {
  cloudevents: ['application/cloudevents+json; charset=utf-8', NDJSON],
  ocsf: ['application/json', NDJSON],
  cef: ['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
};

/** @param cursor up to which everything was accepted or given up */
export function messageOf(events: readonly SentEvent[], form: Form, cursor: string): Message {
  const isBatch = form.batch > 1;
  const bodies = events.map(({ text }) => bodyOf(text, form, cursor));
  const [one, batch] = types[form.profile];
  const { id = '', at } = events.at(-1) ?? {};
  return {
    id,
    body: isBatch ? bodies.map((body) => `${body}\n`).join('') : bodies.join(''),
    headers: {
      'user-agent': `Muster/${version()}`,
      'content-type': isBatch ? batch : one,
      ...(at === undefined ? {} : { 'muster-revision': at }),
    },
  };
}

function bodyOf(text: string, { payload, profile }: Form, cursor: string): string {
  if (profile === 'cloudevents') return cloudEvent(text, payload, cursor);
  const told = toldEvent(text, payload, cursor);
  const ocsf = told.event.type === ATTEMPT_RECORDED ? ocsfOfAttempt(told) : ocsfOf(told);
  return profile === 'ocsf' ? JSON.stringify(ocsf) : cefOf(told, ocsf);
}

/** The text as it is, with the cursor behind it. Quotes within a text are escaped, so `,"data":` stands before the data alone. */
function cloudEvent(text: string, payload: WebhookFacts['payload'], cursor: string): string {
  const whole = text.slice(0, -1);
  const shown = payload === 'full' ? whole : whole.slice(0, whole.indexOf(',"data":'));
  return `${shown},"cursor":${JSON.stringify(cursor)}}`;
}
