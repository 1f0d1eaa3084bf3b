import { type Answer, type ApiClient, pick } from './api-client.js';
import type { Call, Person } from './people.js';

/** A CloudEvent as it came. */
export type SentEvent = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export interface SentPage {
  readonly events: readonly SentEvent[];
  readonly next: number | string;
}

export function pageOf(answer: Answer): SentPage {
  if (answer.status !== 200) throw new Error(`${answer.status} instead of 200: ${answer.text}`);
  return { events: pick(answer, 'events') as SentEvent[], next: pick(answer, 'next') as number | string };
}

/** A page of the feed. @param query without a question mark */
export async function feedPage(call: Call, query = ''): Promise<SentPage> {
  return pageOf(await call('GET', `/events?${query}`));
}

/** Everything in the feed, walked through in pages until `next` stays as it is. */
export async function walkFeed(call: Call, query: string, limit = 1000): Promise<readonly SentEvent[]> {
  const all: SentEvent[] = [];
  let cursor = '';
  for (;;) {
    const after = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
    const { events, next } = await feedPage(call, `${query}&limit=${limit}${after}`);
    all.push(...events);
    if (String(next) === cursor) return all;
    cursor = String(next);
  }
}

/** A frame of a stream that carries an event. */
export interface SentFrame {
  readonly cursor: string;
  readonly event: SentEvent;
}

/** Opens a stream, and reads so many events of it. @param lastId the id of the frame behind which it goes on */
export async function followFeed(
  { url }: ApiClient,
  { key }: Person,
  query: string,
  count: number,
  lastId?: string,
): Promise<readonly SentFrame[]> {
  const resume = lastId === undefined ? {} : { 'last-event-id': lastId };
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...resume };
  const { status, body } = await fetch(`${url}/api/v2/events?${query}`, { headers });
  if (status !== 200 || !body) throw new Error(`${status} instead of a stream`);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let frames: SentFrame[] = [];
  while (frames.length < count) {
    const { done, value = '' } = await reader.read();
    if (done) throw new Error(`The stream has ended after ${frames.length} of ${count} events`);
    text += value;
    frames = framesIn(text);
  }
  await reader.cancel();
  return frames;
}

/** The whole frames with events in a text. */
export function framesIn(text: string): SentFrame[] {
  return [...text.matchAll(/id: (\S+)\nevent: (?!position\n)\w+\ndata: (\{.*\})\n\n/g)].map(
    ([, cursor = '', data = '']) => ({ cursor, event: JSON.parse(data) as SentEvent }),
  );
}
