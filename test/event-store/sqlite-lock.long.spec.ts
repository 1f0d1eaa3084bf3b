import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_STREAM, StoreUnusable } from '../../src/event-store/event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { idsOf, numbered, streamOf } from '../support/log.js';
import { Scratch } from './log-files.js';
import { CompiledStore } from './other-process.js';

const scratch = new Scratch();
let compiled: CompiledStore;
beforeAll(() => {
  compiled = new CompiledStore();
});
afterAll(() => {
  compiled.remove();
  scratch.remove();
});

const open = (directory: string) => () => SqliteEventStore.open(directory);
const refusal = (directory: string) =>
  `The data directory ${directory} is in use by another process; stop it first`;

const tryToOpen = `
  try { await SqliteEventStore.open(directory).close(); say('opened'); }
  catch (error) { say(error.constructor.name + ': ' + error.message); }`;
const appendForEver = `
  const store = SqliteEventStore.open(directory);
  for (let n = 0; ; n++) {
    const id = crypto.randomUUID();
    await store.append('s', n - 1, [{ id, type: 'Tested', data: '{}', metadata: '{}' }]);
    say(id);
  }`;

describe('a data directory', () => {
  it('is made when it is not there', async () => {
    const store = SqliteEventStore.open(scratch.at('deeply/nested'));
    await store.append('s', NO_STREAM, numbered(1));
    await store.close();
  });

  it('is refused a second time in the same process, without harm to the first', async () => {
    const directory = scratch.at('twice');
    const store = SqliteEventStore.open(directory);
    expect(open(directory)).toThrow(StoreUnusable);
    expect(open(directory)).toThrow(refusal(directory));
    await store.append('s', NO_STREAM, numbered(1));
    expect(open(directory)).toThrow(refusal(directory));
    await store.close();
    const again = SqliteEventStore.open(directory);
    expect(await streamOf(again, 's')).toHaveLength(1);
    await again.close();
  });

  it('is refused to another process until it is closed', async () => {
    const directory = scratch.at('held-here');
    const store = SqliteEventStore.open(directory);
    expect(open(directory)).toThrow(StoreUnusable);
    expect(await compiled.start(tryToOpen, directory).hear()).toBe(`DirectoryInUse: ${refusal(directory)}`);
    await store.append('s', NO_STREAM, numbered(1));
    await store.close();
    expect(await compiled.start(tryToOpen, directory).hear()).toBe('opened');
  });

  it('is free again after its process was killed, and has everything that was acknowledged', async () => {
    const directory = scratch.at('held-there');
    const other = compiled.start(appendForEver, directory);
    const acknowledged: (string | undefined)[] = [];
    while (acknowledged.length < 20) acknowledged.push(await other.hear());
    expect(open(directory)).toThrow(refusal(directory));
    await other.kill();
    for (let line = await other.hear(); line !== undefined; line = await other.hear())
      acknowledged.push(line);

    const store = SqliteEventStore.open(directory);
    const stored = idsOf(await streamOf(store, 's'));
    expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1);
    await store.close();
  });

  it('that cannot be one is refused with the reason', () => {
    const file = scratch.at('file');
    writeFileSync(file, '');
    expect(open(file)).toThrow(StoreUnusable);
    expect(open(join(file, 'below'))).toThrow(`The data directory ${join(file, 'below')} cannot be used: `);
    const odd = scratch.at('odd');
    mkdirSync(join(odd, 'lock.db'), { recursive: true });
    expect(open(odd)).toThrow(`The data directory ${odd} cannot be used: `);
  });
});
