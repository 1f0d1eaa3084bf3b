import { type Answer, pick } from './api-client.js';
import type { Call } from './people.js';

/** A CloudEvent as it came. */
export type SentEvent = Readonly<Record<string, unknown>> & {
  readonly id: string;
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
