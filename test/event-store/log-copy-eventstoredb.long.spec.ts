import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { LogCopyRefused } from '../../src/event-store/log-comparison.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { PrefixedEventStore } from '../../src/event-store/prefixed.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { freshName, numbered, propose } from '../support/log.js';
import { DataDirectories, ServiceProcess } from '../support/process.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { a, add, b, c, contents, copy, write } from './account-log.js';

const data = new DataDirectories();
let peer: Peer;
const opened: EventStore[] = [];

// One each: a copy reads all that is on the server, also what other copies left there.
beforeEach(async () => {
  peer = await Peer.start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await ServiceProcess.killAll();
  await peer.stop();
});
afterAll(() => data.remove());

/** A log of its own on the peer. */
function esdb(prefix = freshName()): EventStore {
  const store = new PrefixedEventStore(EventStoreDbEventStore.open(peer.url), prefix);
  opened.push(store);
  return store;
}

async function filled(store: EventStore): Promise<EventStore> {
  await write(store, [a, b, a, a, c, b, a]);
  for (let n = 0; n < 4; n++) await add(store, n % 2 === 0 ? a : b, numbered(300, n * 300));
  await add(
    store,
    c,
    ['\u0000 \u2028', 'Zoë 👩‍👩‍👧‍👦 \'"\\', '\ud83d half'].map((text) => propose({ text }, 'Odd')),
  );
  return store;
}

describe('A copy to EventStoreDB and back', () => {
  it('is the log that it was, in the same order', async () => {
    const source = await filled(new MemoryEventStore());
    const [there, back] = [esdb(), new MemoryEventStore()];
    const { hash, isSameOrder } = await copy(source, there);
    expect(isSameOrder).toBe(true);
    expect(await copy(there, back)).toMatchObject({ hash, isSameOrder: true });
    expect(await contents(back)).toEqual(await contents(source));
  });

  it.each(['lose', 'take-and-lose', 'timeout', 'take-and-timeout', 'not-ready', 'swallow'] as const)(
    'is exact when appends go wrong: %s',
    async (fault) => {
      const source = await filled(new MemoryEventStore());
      const there = esdb();
      await there.logId();
      peer.nextAppends(fault, fault);
      const { hash } = await copy(source, there, { tries: 5 });
      const back = new MemoryEventStore();
      expect(await copy(there, back)).toMatchObject({ hash });
      expect(await contents(back)).toHaveLength((await contents(source)).length);
    },
  );

  it('refuses a part of the server that holds something else', async () => {
    const there = esdb();
    await write(there, [a]);
    await expect(copy(await filled(new MemoryEventStore()), there)).rejects.toThrow(LogCopyRefused);
  });
});

it('The command moves a log to EventStoreDB under a prefix and back', async () => {
  const store = SqliteEventStore.open(data.at('from'));
  await filled(store);
  const before = await contents(store);
  await store.close();
  const run = async (...args: string[]) => {
    const process = ServiceProcess.spawn({}, args, 'copy-log.js');
    expect([await process.ended, process.stderr.includes('Error')]).toEqual([0, false]);
    return process.stdout;
  };
  const prefix = freshName();
  const there = await run('--from', `sqlite:${data.at('from')}`, '--to', peer.url, '--to-prefix', prefix);
  const back = await run('--from', peer.url, '--from-prefix', prefix, '--to', `sqlite:${data.at('to')}`);
  const hashIn = (text: string) => /hash ([0-9a-f]{64})/.exec(text)?.[1];
  expect(hashIn(there)).toBe(hashIn(back));
  const after = SqliteEventStore.open(data.at('to'));
  expect(await contents(after)).toEqual(before);
  await after.close();
});
