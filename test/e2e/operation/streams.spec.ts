import { expect, test } from '@jest/globals';
import { RunningApp } from '../../support/app.js';
import { framesIn, walkFeed } from '../../support/feed.js';
import { openCompany, type Person, startService } from '../../support/people.js';

const app = await startService({ MUSTER_STREAMS: '3', MUSTER_STREAMS_PER_COMPANY: '2' });

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Asks for a stream. @returns its status, and what reads it if it is one */
async function ask(person: Person, url = app.url): Promise<{ answer: Response; reader: Reader | undefined }> {
  const headers = { authorization: `Bearer ${person.key}`, accept: 'text/event-stream' };
  const answer = await fetch(`${url}/api/v2/events`, { headers });
  return { answer, reader: answer.ok ? answer.body?.getReader() : undefined };
}

async function opened(person: Person, url?: string): Promise<Reader> {
  const { answer, reader } = await ask(person, url);
  if (!reader) throw new Error(`${answer.status} instead of a stream`);
  return reader;
}

test('a company has so many streams and waiting requests, and the instance so many; others are asked to come later', async () => {
  const [one, other] = [(await openCompany(app)).admin, (await openCompany(app)).admin];
  const [first, second] = [await opened(one), await opened(one)];
  const refused = async (person: Person, status: number, code: string) => {
    const { answer } = await ask(person);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '5']);
    expect(await answer.json()).toMatchObject({ status, code });
  };
  await refused(one, 429, 'rate_limited');
  const waiting = await one.v2('GET', '/events?wait=1');
  expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, '5']);
  expect((await one.v2('GET', '/events?limit=1')).status).toBe(200);
  const third = await opened(other);
  await refused(other, 503, 'unavailable');
  await first.cancel();
  let again: Reader | undefined;
  while (!again) ({ reader: again } = await ask(one));
  await Promise.all([again, second, third].map((reader) => reader.cancel()));
});

test('when the service stops, streams end by themselves, after whole events and without an error', async () => {
  const stopping = await RunningApp.start();
  const { admin } = await openCompany(stopping);
  const all = await walkFeed(admin.v2, '');
  const reader = await opened(admin, stopping.url);
  let text = '';
  const isWhole = () => framesIn(text).length === all.length;
  for (let stopped: Promise<void> | undefined; ;) {
    if (isWhole()) stopped ??= stopping.stop();
    const { done, value = new Uint8Array() } = await reader.read();
    text += Buffer.from(value).toString();
    if (!done) continue;
    expect([isWhole(), text.endsWith('\n\n')]).toEqual([true, true]);
    return stopped;
  }
});
