import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DirectoryInUse } from '../../src/event-store/directory-lock.js';
import { openLogReader } from '../../src/event-store/opened-log.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { SqliteLogReader } from '../../src/event-store/sqlite-log-reader.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { drain, numbered } from '../support/log.js';
import { Scratch } from './log-files.js';

const scratch = new Scratch();
let count = 0;
let directory = '';

beforeEach(async () => {
  directory = scratch.at(String(count++));
  const store = SqliteEventStore.open(directory);
  await store.append('one', -1, numbered(600));
  await store.append('x-two', -1, numbered(3));
  await store.close();
});
afterAll(() => scratch.remove());

function change(sql: string): void {
  const database = openDatabase(join(directory, 'events.db'));
  database.exec(sql);
  database.close();
}

async function damages(prefix = ''): Promise<unknown[]> {
  const reader = SqliteLogReader.open(directory);
  const found = [...reader.damages(prefix)];
  await reader.close();
  return found;
}

describe('A log that is only read', () => {
  it('has the events and the id of the log', async () => {
    const reader = SqliteLogReader.open(directory);
    const read = [
      await drain(reader.readAll('')),
      await drain(reader.readStream('one', 597)),
      await reader.logId(),
    ];
    await reader.close();
    const store = SqliteEventStore.open(directory);
    expect(read).toEqual([
      await drain(store.readAll('')),
      await drain(store.readStream('one', 597)),
      await store.logId(),
    ]);
    await store.close();
  });

  it('is out of reach while somebody writes to it, and the other way round', async () => {
    const store = SqliteEventStore.open(directory);
    expect(() => SqliteLogReader.open(directory)).toThrow(DirectoryInUse);
    await store.close();
    const reader = SqliteLogReader.open(directory);
    expect(() => SqliteEventStore.open(directory)).toThrow(DirectoryInUse);
    await reader.close();
  });

  it('finds nothing wrong with a sound file', async () => expect(await damages()).toEqual([]));

  it('can be read although a start would refuse it, and says which events are missing at the end', async () => {
    change('DELETE FROM events WHERE revision IN (300, 598, 599)');
    expect(() => SqliteEventStore.open(directory)).toThrow('has a gap');
    expect(await damages()).toEqual([
      { stream: 'one', revision: 598, what: 'events 598 to 599 are missing at the end' },
    ]);
    expect(await damages('x-')).toEqual([]);
  });

  it('says which events are more than the stream should have', async () => {
    change(`UPDATE streams SET head = 1 WHERE name = 'x-two'`);
    const what = 'there are events up to 2, but 1 is noted as the last';
    expect(await damages()).toEqual([{ stream: 'x-two', revision: 2, what }]);
    const reader = openLogReader({ type: 'sqlite', directory }, 'x-');
    expect([...(reader.damages?.('') ?? [])]).toEqual([{ stream: 'two', revision: 2, what }]);
    await reader.close();
  });

  it('says how many events have lost their stream', async () => {
    change(`DELETE FROM streams WHERE name = 'x-two'`);
    expect(await damages()).toEqual([{ what: '3 events are in no stream any more' }]);
  });
});
