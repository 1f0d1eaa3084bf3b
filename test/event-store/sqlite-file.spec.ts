import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_STREAM, StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { drain, idsOf, Listener, numbered, streamOf } from '../support/log.js';
import { events, Scratch, writeLog } from './log-files.js';

const scratch = new Scratch();
const directory = scratch.at('data');

beforeEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await writeLog(directory);
});
afterAll(() => scratch.remove());

describe('a log in a file', () => {
  it('is read in the order of the appends, however many digits positions have', async () => {
    const store = SqliteEventStore.open(directory);
    const read = await drain(store.readAll(''));
    expect(idsOf(read)).toEqual(idsOf(events));
    for (const at of [0, 8, 9, 98, 99, 998])
      expect(idsOf(await drain(store.readAll('', read[at]?.position)))).toEqual(idsOf(events.slice(at + 1)));
    await store.close();
  });
  it('has an id of its own, and one made anew another', async () => {
    const left = scratch.at('left-by-a-first-start-that-was-killed');
    cpSync(directory, left, { recursive: true });
    rmSync(join(left, 'events.db'));
    writeFileSync(join(left, 'events.db.new'), 'half a file');
    const ids = new Set<string>();
    for (const each of [directory, left, scratch.at('fresh')]) {
      const store = SqliteEventStore.open(each);
      ids.add(await store.logId());
      await store.close();
    }
    expect(ids.size).toBe(3);
  });
  it('holds what was appended before it was closed, and refuses what comes after', async () => {
    const store = SqliteEventStore.open(directory);
    const last = numbered(1);
    const appended = store.append('even', 499, last);
    await store.close();
    await appended;
    await expect(store.append('even', 500, numbered(1))).rejects.toThrow(StoreUnavailable);
    const again = SqliteEventStore.open(directory);
    expect(idsOf(await streamOf(again, 'even', 499))).toEqual(idsOf(last));
    await again.close();
  });
  it('ends a subscription that waits when it is closed', async () => {
    const store = SqliteEventStore.open(directory);
    const waiting = new Listener(store, '');
    await waiting.until(1000);
    await store.close();
    await waiting.ended;
    expect(idsOf(waiting.received)).toEqual(idsOf(events));
  });
  it('ends a subscription that still catches up when it is closed', async () => {
    const store = SqliteEventStore.open(directory);
    let count = 0;
    for await (const { events } of store.subscribe('', undefined, new AbortController().signal)) {
      count += events.length;
      await store.close();
    }
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(1000);
  });
});

it('a log that cannot be written says so once, with the file and what to do, and that it can again', async () => {
  const heard: (string | undefined)[] = [];
  let wake = () => {};
  const recovered = new Promise<void>((resolve) => (wake = resolve));
  const store = SqliteEventStore.open(directory, (trouble) => {
    heard.push(trouble);
    if (trouble === undefined) wake();
  });
  const other = openDatabase(join(directory, 'events.db'));
  other.exec('BEGIN IMMEDIATE');
  for (let append = 0; append < 3; append += 1) {
    await expect(store.append('new', NO_STREAM, events.slice(0, 1))).rejects.toThrow(StoreUnavailable);
    expect(store.trouble).toContain(`The event log ${join(directory, 'events.db')} cannot be written: `);
  }
  other.exec('ROLLBACK');
  other.close();
  await recovered;
  expect(heard).toEqual([expect.stringContaining('stop the other program that holds the file'), undefined]);
  expect(store.trouble).toBe(undefined);
  await store.append('new', NO_STREAM, events.slice(0, 1));
  await store.close();
});

describe('the write-ahead log', () => {
  /** The files as a killed process leaves them: the last two appends are only in the write-ahead log. */
  async function crash(): Promise<string> {
    const store = SqliteEventStore.open(directory);
    await store.append('odd', 499, numbered(2));
    await store.append('new', NO_STREAM, events.slice(0, 2));
    const crashed = scratch.at('crashed');
    rmSync(crashed, { recursive: true, force: true });
    cpSync(directory, crashed, { recursive: true });
    await store.close();
    return crashed;
  }

  it('left by a crash is read: nothing that was acknowledged is lost', async () => {
    const store = SqliteEventStore.open(await crash());
    expect(await streamOf(store, 'odd')).toHaveLength(502);
    expect(idsOf(await streamOf(store, 'new'))).toEqual(idsOf(events.slice(0, 2)));
    await store.close();
  });
  it('torn in its last write loses that append as a whole and no other', async () => {
    const crashed = await crash();
    const log = join(crashed, 'events.db-wal');
    truncateSync(log, readFileSync(log).length - 10);
    const store = SqliteEventStore.open(crashed);
    expect(await streamOf(store, 'odd')).toHaveLength(502);
    expect(await streamOf(store, 'new')).toEqual([]);
    await store.append('new', NO_STREAM, events.slice(0, 2));
    await store.close();
  });
  it('without its file is a damaged log, not a new one', async () => {
    const crashed = await crash();
    rmSync(join(crashed, 'events.db'));
    expect(() => SqliteEventStore.open(crashed)).toThrow('it is missing, its write-ahead log is there');
  });
  it('is empty after a clean end: the file alone is the whole log', async () => {
    const alone = scratch.at('alone');
    cpSync(join(directory, 'events.db'), join(alone, 'events.db'));
    const store = SqliteEventStore.open(alone);
    expect(idsOf(await drain(store.readAll('')))).toEqual(idsOf(events));
    await store.close();
  });
});
