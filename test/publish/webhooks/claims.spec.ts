import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { accountStream } from '../../../src/event-store/codec.js';
import { NO_STREAM } from '../../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../../src/event-store/memory.event-store.js';
import { SqliteSubscriberLog } from '../../../src/event-store/sqlite.subscriber-log.js';
import { type SavedDeliveries, savedIn } from '../../../src/publish/webhooks/claim.js';
import { Claims } from '../../../src/publish/webhooks/claims.js';
import type { EventSource } from '../../../src/publish/webhooks/event-source.js';
import { Heartbeat } from '../../../src/publish/webhooks/heartbeat.js';
import { LogMarks, type Mark } from '../../../src/publish/webhooks/log-marks.js';
import type { AccountWebhook } from '../../../src/read/present-webhooks.js';
import { propose } from '../../support/log.js';
import { pause } from '../../support/pause.js';
import { webhookFacts } from '../../support/webhooks.js';
import { unit } from './units.js';

const stream = accountStream('acme');
const made = {
  ...{ id: 'hook', header_names: [], sealed_headers: {}, secrets: [], created: '', after: 2, since: 2 },
  ...({ status: 'active', disabled_reason: null, disabled_gap: null } as const),
  created_by: { kind: 'system', id: null, account: null },
} as const;
const hook = (more: object = {}): AccountWebhook => ({
  ...{ account: 'acme', closed: false, webhook: { ...webhookFacts(), ...made, ...more } },
});
const source = {
  startAfter: (revision: number) => Promise.resolve(String(revision)),
  holds: () => Promise.resolve(true),
};

Logger.overrideLogger(false);

let log: SqliteSubscriberLog;
beforeEach(() => {
  log = new SqliteSubscriberLog(':memory:');
});

const marksOf = (store: MemoryEventStore, head?: { readonly revision: number; readonly event_id: string }) =>
  new LogMarks(store, { of: () => head && { ...head, number: 1, latest: 0 } });

const claimsOn = (store: MemoryEventStore, heartbeat = new Heartbeat(log, true)) =>
  new Claims({
    ...{ log, heartbeat, clock: new Clock(), marks: marksOf(store) },
    source: () => source as unknown as EventSource,
  });

/** A state that was saved when events up to 9 were sent, with the marks that were made on the way. */
async function saved(marks: readonly Mark[], more: Partial<SavedDeliveries> = {}): Promise<void> {
  const held = [{ ...unit(9), before: '8', failures: 1, due: 0 }];
  const state: SavedDeliveries = {
    ...{ instance: null, since: 2, isOfFamily: false, position: 8, marks, replays: [], orders: -1 },
    ...{ lastErrors: [], verified: 0, live: { scanned: '9', held, warned: 0 } },
    repeated: { scanned: '', held: [], warned: 0 },
    ...more,
  };
  await log.save('hook', NO_STREAM, JSON.stringify(state));
}

async function storeOf(events: readonly ReturnType<typeof propose>[]): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  await store.append(stream, NO_STREAM, events);
  return store;
}

describe('A webhook goes on', () => {
  const events = Array.from({ length: 20 }, () => propose());
  const marks = [9, 6, 3].map((revision) => ({ revision, event: events[revision]?.id ?? '' }));

  test('from what was saved', async () => {
    await saved(marks);
    const taken = await claimsOn(await storeOf(events)).take(hook());
    expect([taken?.saved.live.scanned, taken?.saved.live.held.length, taken?.dropped]).toEqual(['9', 1, []]);
  });

  test('behind the last event that a restored log has, though the log has grown beyond what was sent', async () => {
    await saved(marks);
    const others = Array.from({ length: 20 }, () => propose());
    const taken = await claimsOn(await storeOf([...events.slice(0, 8), ...others])).take(hook());
    expect([taken?.saved.live, taken?.saved.position]).toEqual([{ scanned: '6', held: [], warned: 0 }, 6]);
    expect(taken?.dropped.map(({ id }) => id)).toEqual(['acme.9']);
  });

  test('from its creation in a log that has none of what it knew', async () => {
    await saved(marks);
    const taken = await claimsOn(await storeOf(events.map(() => propose()))).take(hook());
    expect(taken?.saved.live.scanned).toBe('2');
  });

  test('from when it was enabled again, and sends then what was asked for while it was disabled', async () => {
    const replays = [{ id: 'r', account: 'acme', from: 0, to: 3 }];
    await saved(marks, { replays });
    const taken = await claimsOn(await storeOf(events)).take(hook({ since: 12 }));
    expect([taken?.saved.live.scanned, taken?.saved.replays]).toEqual(['12', replays]);
    expect(taken?.dropped.map(({ id }) => id)).toEqual(['acme.9']);
  });

  test('when clients are included from now on, behind what was accepted', async () => {
    const repeated = { scanned: '', held: [{ ...unit(3), failures: 1, due: 0 }], warned: 0 } as const;
    await saved(marks, { repeated });
    const taken = await claimsOn(await storeOf(events)).take(hook({ include_clients: true }));
    expect([taken?.saved.live.scanned, taken?.saved.isOfFamily, taken?.dropped]).toEqual(['8', true, []]);
    expect(taken?.saved.repeated).toEqual(repeated);
  });

  test('and gives up what it held to send once more, and of attempts, before it was enabled again', async () => {
    const lane = (revision: number) => ({
      ...{ scanned: '', held: [{ ...unit(revision), failures: 1, due: 0 }], warned: 0 as const },
    });
    await saved(marks, { repeated: lane(3), attempts: { since: 0, cursors: {}, lane: lane(4) } });
    const taken = await claimsOn(await storeOf(events)).take(hook({ since: 12 }));
    expect(taken?.dropped.map(({ id }) => id)).toEqual(['acme.9', 'acme.3', 'acme.4']);
    expect([taken?.saved.repeated.held, taken?.saved.attempts]).toEqual([[], undefined]);
  });
});

test('Marks are ever further apart, however long the log', () => {
  let marks: readonly Mark[] = [];
  for (let revision = 0; revision < 5_000; revision += 1)
    marks = marksOf(new MemoryEventStore(), { revision, event_id: String(revision) }).with('acme', marks);
  expect(marks[0]).toEqual({ revision: 4_999, event: '4999' });
  expect(marks.length).toBeLessThan(12);
  const distances = marks.map(({ revision }) => 5_000 - revision);
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  expect(Math.max(...distances)).toBeGreaterThan(1_000);
});

describe('Of two instances', () => {
  const LEASE_MS = 200;

  test('the second takes a webhook over once the first has shown no sign for as long as a claim lasts', async () => {
    const store = await storeOf([propose()]);
    const [first, second] = [new Heartbeat(log, false, LEASE_MS), new Heartbeat(log, false, LEASE_MS)];
    expect(await claimsOn(store, first).take(hook())).toBeDefined();
    const later = claimsOn(store, second);
    expect(await later.take(hook())).toBeUndefined();
    const begin = performance.now();
    while (performance.now() - begin < 2 * LEASE_MS) {
      expect(await later.take(hook())).toBeUndefined();
      await pause();
    }
    expect(first.hasRunOut).toBe(false);
    // As if it were killed: it shows nothing more, and forgets nothing.
    const killed = first as unknown as { timer: NodeJS.Timeout };
    clearInterval(killed.timer);
    while (!(await later.take(hook()))) await pause();
    expect(first.hasRunOut).toBe(true);
    const state = await log.state('hook');
    expect(state && savedIn(state).instance).toBe(second.instance);
    await second.end();
  });

  test('the second need not wait for one that has ended', async () => {
    const store = await storeOf([propose()]);
    const first = new Heartbeat(log, false, 60_000);
    await claimsOn(store, first).take(hook());
    await first.end();
    const second = new Heartbeat(log, false, 60_000);
    expect(await claimsOn(store, second).take(hook())).toBeDefined();
    await second.end();
  });

  test('one that was overtaken saves nothing', async () => {
    const store = await storeOf([propose()]);
    const taken = await claimsOn(store).take(hook());
    await log.save('hook', 0, JSON.stringify({ instance: randomUUID() }));
    await expect(taken?.claim.save(taken.saved)).rejects.toThrow('not at revision');
  });
});
