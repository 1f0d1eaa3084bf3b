import {
  copyFileSync,
  openSync,
  closeSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { Views } from '../../src/read/views.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, runAll } from '../support/execute.js';
import { dump, inDirectory, Instance, rebuilt } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const users = (count: number) => Array.from({ length: count }, (_, index) => acme.createUser(`u${index}`));

/** Changes the file in a way of which the views know nothing, and leaves everything in that one file. */
function change(path: string, sql: string): void {
  const { database } = Views.open(path);
  database.database.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}
/** Makes marked views of a log, spoils something, starts again and says whether the mark is still there. */
async function survives(
  spoil: (path: string) => void,
  next = (log: MemoryEventStore) => Promise.resolve(log),
): Promise<boolean> {
  let result = false;
  await inDirectory(async (directory) => {
    const path = join(directory, 'views.db');
    const store = new MemoryEventStore();
    const first = await Instance.start(store, path);
    await runAll(first.execute, acme.open(), globex.open(), ...users(60));
    await first.stop();
    change(path, "UPDATE groups SET name = 'marked'");
    spoil(path);
    const again = await Instance.start(await next(store), path);
    result = dump(again.views).join().includes('marked');
    if (!result) expect(dump(again.views)).toEqual(await rebuilt(again.store));
    await again.stop();
  });
  return result;
}

/** Writes over a part of a file. */
function scribble(path: string, position: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, position);
  closeSync(file);
}

describe('The views at a start', () => {
  it('are kept when they were made from this log', async () => {
    expect(await survives(() => undefined)).toBe(true);
  });

  it.each<[string, (path: string) => void]>([
    ['missing', (path) => rmSync(path)],
    ['empty', (path) => truncateSync(path)],
    ['no database', (path) => writeFileSync(path, 'garbage'.repeat(2000))],
    ['cut off', (path) => truncateSync(path, statSync(path).size / 2)],
    ['damaged inside', (path) => scribble(path, 4096 * 2)],
    ['made by another version', (path) => change(path, 'PRAGMA user_version = 1')],
  ])('are built anew when the file is %s', async (_, spoil) => {
    expect(await survives(spoil)).toBe(false);
  });

  it('are built anew when they were made from another log, were its events the same', async () => {
    expect(await survives(() => undefined, copyOf)).toBe(false);
  });
});

async function copyOf(log: MemoryEventStore): Promise<MemoryEventStore> {
  const copy = new MemoryEventStore();
  for await (const page of log.readAll(''))
    for (const event of page) await copy.append(event.stream, event.revision - 1, [event]);
  return copy;
}

/** A log with views ahead of it, as it was restored from a copy; what is then written to it before they start again. */
async function restored(afterwards: readonly Parameters<Instance['execute']['run']>[0][]): Promise<void> {
  await inDirectory(async (directory) => {
    const [path, log, copy] = ['views.db', 'events.db', 'copy.db'].map((name) => join(directory, name));
    if (path === undefined || log === undefined || copy === undefined) return;
    const before = await Instance.start(SqliteEventStore.open(directory), path);
    await runAll(before.execute, acme.open(), globex.open());
    await before.stop();
    await before.store.close();
    copyFileSync(log, copy);

    const lost = await Instance.start(SqliteEventStore.open(directory), path);
    await runAll(lost.execute, acme.createUser('lost'), acme.createGroup('lost-group'));
    await lost.stop();
    await lost.store.close();

    copyFileSync(copy, log);
    const store = SqliteEventStore.open(directory);
    await runAll(executeOn(store), ...afterwards);
    const again = await Instance.start(store, path);
    expect(dump(again.views).join()).not.toContain('lost');
    expect(dump(again.views)).toEqual(await rebuilt(store));
    await again.stop();
    await store.close();
  });
}

describe('The views of a log that was restored from an older copy', () => {
  it('are built anew when they are ahead of it', () => restored([]));

  it('are built anew when other events stand where those stood that they were made from', () =>
    restored([acme.createUser('bob'), acme.createGroup('bobs-group'), acme.createUser('eve')]));
});
