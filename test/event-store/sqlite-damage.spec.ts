import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_STREAM, StoreUnusable } from '../../src/event-store/event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { drain, numbered } from '../support/log.js';
import { Scratch, writeLog } from './log-files.js';

const PAGE_BYTES = 4096;
const scratch = new Scratch();
const directory = scratch.at('copy');
const file = join(directory, 'events.db');
let whole = Buffer.alloc(0);

beforeAll(async () => {
  await writeLog(scratch.at('original'));
  whole = readFileSync(join(scratch.at('original'), 'events.db'));
});
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  cpSync(scratch.at('original'), directory, { recursive: true });
});
afterAll(() => scratch.remove());

/** Opens the copy; a store that opens against expectation is closed again. */
async function refusal(): Promise<unknown> {
  try {
    await SqliteEventStore.open(directory).close();
  } catch (error) {
    return error;
  }
  return 'it opened';
}

async function expectRefused(says: string): Promise<void> {
  const before = readFileSync(file);
  const error = await refusal();
  expect(error).toBeInstanceOf(StoreUnusable);
  expect(error).toMatchObject({ message: expect.stringContaining(says) });
  expect(error).toMatchObject({ message: expect.stringContaining(file) });
  expect(readFileSync(file).equals(before)).toBe(true);
}

function overwrite(from: number, bytes: Buffer, path = file): void {
  writeFileSync(path, Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(from + bytes.length)]));
}

function change(sql: string): void {
  const database = openDatabase(file);
  database.exec(sql);
  database.close();
}

describe('a file that is no whole log is refused and left untouched:', () => {
  it.each([0, 1, 100, PAGE_BYTES - 1, PAGE_BYTES, 10 * PAGE_BYTES, 10 * PAGE_BYTES + 512])(
    'one cut down to %d bytes',
    async (length) => {
      truncateSync(file, length);
      await expectRefused('is damaged (');
    },
  );
  it('one without its last byte', async () => {
    truncateSync(file, whole.length - 1);
    await expectRefused('is damaged (it is cut off); restore it from a backup');
  });
  it.each([0, 0xa5])('one with any page overwritten by bytes %d', async (byte) => {
    const pages = whole.length / PAGE_BYTES;
    expect(pages).toBeGreaterThan(50);
    for (let page = 1; page < pages; page += 3) {
      overwrite(page * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, byte));
      await expectRefused('is damaged (');
    }
  });
  it('one with a garbage header', async () => {
    overwrite(0, Buffer.alloc(100, 'garbage '));
    await expectRefused('file is not a database); restore it from a backup');
  });
  it('a text file', async () => {
    writeFileSync(file, 'This is no database. '.repeat(1000));
    await expectRefused('is damaged (');
  });
  it('a database of somebody else', async () => {
    rmSync(file);
    change('CREATE TABLE events (position INTEGER PRIMARY KEY); INSERT INTO events VALUES (1)');
    await expectRefused('is not an event log of Muster; choose another MUSTER_DATA_DIR');
  });
  it('a log of a newer format', async () => {
    change('PRAGMA user_version = 2');
    await expectRefused('has a format this version of Muster cannot read; update Muster');
  });
  it.each([
    ['in the middle', 'revision = 40'],
    ['at the end', 'revision = 499'],
  ])('a log that misses an event %s of a stream', async (_, where) => {
    change(`DELETE FROM events WHERE ${where} AND stream = (SELECT number FROM streams WHERE name = 'odd')`);
    await expectRefused('stream odd has a gap');
  });
  it('a log that lost its id', async () => {
    change('DELETE FROM log');
    await expectRefused('it has no id');
  });
});

it('a damaged log that a crash left with a write-ahead log keeps both as they are', async () => {
  const store = SqliteEventStore.open(directory);
  await store.append('new', NO_STREAM, numbered(200));
  const crashed = scratch.at('crashed');
  cpSync(directory, crashed, { recursive: true });
  await store.close();
  const read = () =>
    ['events.db', 'events.db-wal'].map((name) => readFileSync(join(crashed, name), 'latin1'));
  overwrite(20 * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xa5), join(crashed, 'events.db'));
  const before = read();
  expect(before[1]).not.toBe('');
  expect(() => SqliteEventStore.open(crashed)).toThrow('is damaged (');
  expect(read()).toEqual(before);
});

it('a database of somebody else that still has to be rolled back is refused and not rolled back', () => {
  const [theirs, copy] = [scratch.at('theirs.db'), scratch.at('with-a-journal')];
  const foreign = openDatabase(theirs);
  foreign.exec('CREATE TABLE notes (text); PRAGMA cache_size = 1; BEGIN');
  for (let note = 0; note < 100; note++) foreign.exec(`INSERT INTO notes VALUES (hex(zeroblob(2000)))`);
  for (const end of ['', '-journal']) cpSync(theirs + end, join(copy, `events.db${end}`));
  foreign.close();
  const before = readFileSync(join(copy, 'events.db'), 'latin1');
  expect(() => SqliteEventStore.open(copy)).toThrow(StoreUnusable);
  expect(readFileSync(join(copy, 'events.db'), 'latin1')).toBe(before);
});

it('a log that was refused opens once it is restored', async () => {
  truncateSync(file, 5000);
  await expectRefused('is damaged (');
  writeFileSync(file, whole);
  const store = SqliteEventStore.open(directory);
  expect(await drain(store.readAll(''))).toHaveLength(1000);
  await store.close();
});
