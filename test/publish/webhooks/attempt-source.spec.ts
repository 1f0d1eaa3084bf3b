import { expect, test } from '@jest/globals';
import type { Attempt } from '../../../src/audit/attempts/attempt.js';
import type { KeptAttempt } from '../../../src/event-store/attempt-log.js';
import { SqliteAttemptLog } from '../../../src/event-store/sqlite.attempt-log.js';
import { type AttemptCursor, AttemptSource } from '../../../src/publish/webhooks/attempt-source.js';
import { attempt } from '../../support/attempt.js';
import { webhookFacts } from '../../support/webhooks.js';

const NOON = Date.parse('2026-03-03T12:00:00.000Z');
const keep = (n: number, facts: Partial<Attempt> = {}, time = NOON + n): KeptAttempt => {
  const { at, ...data } = attempt(facts);
  return {
    id: `a${n}`,
    time,
    at,
    data: JSON.stringify({ ...data, id: undefined, time: undefined, via: 'v2' }),
  };
};

function scene(filter = {}) {
  const log = new SqliteAttemptLog(':memory:', () => Promise.resolve('log'));
  const webhook = { account: 'acme', closed: false, webhook: { ...webhookFacts({ filter }) } };
  const source = new AttemptSource(
    log,
    () => webhook as never,
    () => 'https://muster.example.com',
  );
  let cursor: AttemptCursor = AttemptSource.beginning(NOON);
  return {
    kept: (...attempts: KeptAttempt[]) => log.append('acme', { attempts, writes: [] }),
    /** The ids of the events that come next. */
    next: async (now: number, limit = 100) => {
      const { places, next } = await source.after('acme', cursor, { since: NOON, now, limit });
      cursor = next;
      return (await source.read(places)).map(({ id }) => id);
    },
  };
}

test('attempts come in the order in which they were kept, also one that was kept late, and each once', async () => {
  const { kept, next } = scene();
  await kept(keep(2), keep(3));
  expect(await next(NOON + 10)).toEqual(['acme/attempts/a2', 'acme/attempts/a3']);
  await kept(keep(1), keep(4));
  expect(await next(NOON + 10, 1)).toEqual(['acme/attempts/a1']);
  expect(await next(NOON + 10, 1)).toEqual(['acme/attempts/a4']);
  expect(await next(NOON + 10)).toEqual([]);
});

test('one that others were counted with is told of at once, and once more with the final count', async () => {
  const { kept, next } = scene();
  await kept(keep(1), keep(2));
  expect(await next(NOON + 1_000)).toEqual(['acme/attempts/a1', 'acme/attempts/a2']);
  await kept(keep(1, { repeated: 7 }));
  expect(await next(NOON + 2_000)).toEqual([]);
  await kept(keep(1, { repeated: 41 }));
  expect(await next(NOON + 70_000)).toEqual(['acme/attempts/a1.41']);
  expect(await next(NOON + 80_000)).toEqual([]);
});

test('one whose count is final already comes once', async () => {
  const { kept, next } = scene();
  await kept(keep(1, { repeated: 3 }), keep(2));
  expect(await next(NOON + 100_000)).toEqual(['acme/attempts/a1.3', 'acme/attempts/a2']);
  expect(await next(NOON + 100_000)).toEqual([]);
});

test('one of before that later ones were counted with is told of with the count', async () => {
  const { kept, next } = scene();
  await kept(keep(1, { repeated: 2 }, NOON - 10_000), keep(2, { repeated: 2 }, NOON - 61_000));
  expect(await next(NOON + 1_000)).toEqual([]);
  expect(await next(NOON + 70_000)).toEqual(['acme/attempts/a1.2']);
});

test('those of before, and those that the filter does not let through, are passed over', async () => {
  const { kept, next } = scene({ groups: ['g1'] });
  await kept(keep(1, {}, NOON - 1), keep(2), keep(3, { subjects: [] }));
  expect(await next(NOON + 10)).toEqual(['acme/attempts/a2']);
});
