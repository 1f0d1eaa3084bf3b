import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CachedAccount } from '../../src/application/cached-account.js';
import { Snapshots } from '../../src/application/snapshots.js';
import { dump } from '../domain/dump.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, fold, recordsOf, runAll, WatchedStore } from '../support/execute.js';
import { rewrite, SnapshotDirectories, WatchedSnapshots } from '../support/snapshots.js';

const directories = new SnapshotDirectories();
afterAll(() => directories.remove());

const acme = new CommandsFor('acme');
const running = new AbortController().signal;

/** A log of Acme with these users, without snapshots. */
async function logOf(...users: string[]): Promise<WatchedStore> {
  const store = new WatchedStore();
  const execute = executeOn(store);
  await runAll(execute, acme.open(), acme.createGroup('staff'), ...users.map((id) => acme.createUser(id)));
  await runAll(execute, ...users.map((id) => acme.addToGroup(id, 'staff', true)));
  store.reads.length = 0;
  store.eventsRead = 0;
  return store;
}

/** An account read from its log, as far as there are snapshots from one of them. */
async function loaded(store: WatchedStore, snapshots?: Snapshots, id = 'acme'): Promise<CachedAccount> {
  const account = new CachedAccount(id);
  await account.catchUp(store, snapshots);
  return account;
}

/** A snapshot of Acme with Bob and Eve. */
async function saved() {
  const store = await logOf('bob', 'eve');
  const snapshots = new WatchedSnapshots(directories.next());
  const account = await loaded(store);
  await account.save(snapshots, running);
  store.reads.length = 0;
  store.eventsRead = 0;
  return { store, snapshots, account, path: snapshots.pathOfPlain('acme') };
}

const warn = jest.spyOn(Logger.prototype, 'warn');
Logger.overrideLogger(false);
beforeEach(() => void warn.mockClear());

describe('A snapshot', () => {
  it('is the state with the event it stands on', async () => {
    const { snapshots, account } = await saved();
    const { revision, eventId } = account;
    const snapshot = await snapshots.load('acme');
    expect(snapshot).toMatchObject({ revision, eventId });
    expect(snapshot && dump(snapshot.state)).toBe(dump(account.state));
    expect(warn).not.toHaveBeenCalled();
  });

  it('is proven by its event in one read, which goes on with those after it', async () => {
    const { store, snapshots, account } = await saved();
    await runAll(executeOn(store), acme.deleteUser('bob'), acme.createUser('kim'));
    store.reads.length = 0;
    store.eventsRead = 0;
    const again = await loaded(store, snapshots);
    expect([store.reads.length, store.eventsRead]).toEqual([1, 3]);
    expect(again.revision).toBe(account.revision + 2);
    expect(dump(again.state)).toBe(dump(fold(await recordsOf(store, 'acme'))));
    expect([again.unsaved, again.isUnverified, again.state.journal.length]).toEqual([2, false, 0]);
  });

  it('is asked for only by an account that was not read yet', async () => {
    const { store, snapshots, account } = await saved();
    const load = jest.spyOn(snapshots, 'load');
    await account.catchUp(store, snapshots);
    expect([load.mock.calls.length, store.eventsRead]).toEqual([0, 0]);
  });

  it('can be read by its owner only, and leaves no other file', async () => {
    const { snapshots, path } = await saved();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(snapshots.folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(snapshots.folder)).toEqual(['acme.ndjson']);
  });

  it('takes the place of the one before', async () => {
    const { store, snapshots, account } = await saved();
    await executeOn(store).run(acme.deleteUser('bob'));
    await account.catchUp(store);
    await account.save(snapshots, running);
    expect(await snapshots.load('acme')).toMatchObject({ revision: account.revision });
  });

  it('has a file of its own for every account, whatever its id', async () => {
    const directory = directories.next();
    const snapshots = new WatchedSnapshots(directory);
    const ids = ['acme', 'Acme', '../acme', 'a/b', '.', '', 'ä', 'x'.repeat(300), 'nul\0'];
    const store = new WatchedStore();
    for (const id of ids) {
      const account = new CommandsFor(id);
      await runAll(executeOn(store), account.open('Acme'), account.createUser('bob'));
      await (await loaded(store, undefined, id)).save(snapshots, running);
    }
    expect(readdirSync(join(directory, '..'), { recursive: true })).toHaveLength(1 + ids.length);
    for (const id of ids) {
      const again = await loaded(store, snapshots, id);
      expect([again.unsaved, again.state.users.has('bob')]).toEqual([0, true]);
    }
    expect(new Set(readdirSync(directory).map((name) => name.toLowerCase())).size).toBe(ids.length);
  });
});

describe('A snapshot that is not what the log says', () => {
  async function isIgnored(store: WatchedStore, snapshots: Snapshots, reads: number): Promise<void> {
    const account = await loaded(store, snapshots);
    expect(store.reads).toHaveLength(reads);
    const records = await recordsOf(store, 'acme');
    expect(dump(account.state)).toBe(dump(fold(records)));
    expect([account.revision, account.eventId]).toEqual([records.length - 1, records.at(-1)?.id ?? '']);
    expect(account.unsaved).toBe(records.length);
  }

  it('is ignored when another event stands at its revision', async () => {
    const { snapshots } = await saved();
    await isIgnored(await logOf('max', 'kim'), snapshots, 2);
  });
  it('is ignored when another event stands there and more have come', async () => {
    const { snapshots } = await saved();
    await isIgnored(await logOf('max', 'kim', 'tom'), snapshots, 2);
  });
  it('is ignored when it is ahead of the log', async () => {
    const { snapshots } = await saved();
    await isIgnored(await logOf('bob'), snapshots, 2);
  });
  it('is ignored when there is no such account in the log', async () => {
    const { snapshots } = await saved();
    await isIgnored(new WatchedStore(), snapshots, 2);
  });
  it('is not missed when there is none', async () => {
    await isIgnored(await logOf('bob'), new WatchedSnapshots(directories.next()), 1);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('A file that is no good snapshot is ignored with a warning', () => {
  async function expectIgnored(snapshots: Snapshots, sentence = ''): Promise<void> {
    warn.mockClear();
    expect(await snapshots.load('acme')).toBeUndefined();
    expect(warn.mock.calls).toEqual([[expect.stringContaining(sentence)]]);
  }
  const header =
    (change: object) =>
    ([first = '', ...rest]: string[]) => [
      JSON.stringify({ ...(JSON.parse(first) as object), ...change }),
      ...rest,
    ];

  it('when it is cut off anywhere', async () => {
    const { snapshots, path } = await saved();
    const bytes = readFileSync(path);
    const ends = Array.from({ length: Math.ceil(bytes.length / 20) }, (_, index) => index * 20);
    for (const end of [...ends, bytes.length - 1, bytes.length - 65, bytes.length - 66]) {
      writeFileSync(path, bytes.subarray(0, end));
      await expectIgnored(snapshots, 'It is cut off or damaged');
    }
  });
  it('when one bit is another, wherever', async () => {
    const { snapshots, path } = await saved();
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 13) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(path, damaged);
      await expectIgnored(snapshots, 'It is cut off or damaged');
    }
  });
  it.each([
    ['is longer', (text: string) => `${text}\n`],
    ['is garbage', () => 'garbage '.repeat(1000)],
    ['is all zeros', (text: string) => '\0'.repeat(text.length)],
  ])('when it %s', async (_, change) => {
    const { snapshots, path } = await saved();
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await expectIgnored(snapshots, 'It is cut off or damaged');
  });
  it.each([
    ['was made by other code', header({ fold: 'other' }), 'written by another version'],
    ['is of another log', header({ log: 'log-2' }), 'of another log'],
    ['is of another account', header({ account: 'globex' }), 'of another account'],
    ['has no header', (lines: string[]) => lines.slice(1), 'written by another version'],
    ['has null for a header', (lines: string[]) => ['null', ...lines.slice(1)], 'written by another version'],
    ['holds what is not JSON', (lines: string[]) => [...lines, '{'], 'JSON'],
    ['holds no values', (lines: string[]) => [...lines, ''], 'JSON'],
    ['holds other values', (lines: string[]) => [...lines, '{"part":"users"}'], 'iterable'],
  ])('when its checksum is right but it %s', async (_, change, sentence) => {
    const { snapshots, path } = await saved();
    rewrite(path, (lines) => lines);
    expect(await snapshots.load('acme')).toBeDefined();
    rewrite(path, change);
    await expectIgnored(snapshots, sentence);
  });
  it('when it is a directory', async () => {
    const { snapshots } = await saved();
    await expectIgnored(new Snapshots(join(snapshots.folder, 'acme.ndjson'), () => Promise.resolve('log-1')));
  });
});

describe('A snapshot that cannot be written', () => {
  /** Lets something happen when a part of the snapshot is on the disk already. */
  function breakAt(account: CachedAccount, happen: () => void): void {
    const user = { first_name: '', last_name: '', email: '', external_id: null, permissions: [] };
    const broken = { id: 'broken', ...user };
    account.state.users.put('broken', broken);
    const get = () => {
      happen();
      return [];
    };
    Object.defineProperty(broken, 'permissions', { enumerable: true, get });
  }

  it('is a warning and no more', async () => {
    const { path, account } = await saved();
    await account.save(new WatchedSnapshots(join(path, 'below a file')), running);
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('There is no new snapshot of the account acme')],
    ]);
  });
  it('leaves the one before, and nothing half written', async () => {
    const { snapshots, account, path } = await saved();
    const before = readFileSync(path);
    breakAt(account, () => {
      throw new Error('The disk is full');
    });
    await account.save(snapshots, running);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('The disk is full')]]);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(snapshots.folder)).toEqual(['acme.ndjson']);
  });
  it('is given up silently when the service stops', async () => {
    const { snapshots, account, path } = await saved();
    const before = readFileSync(path);
    const stopping = new AbortController();
    breakAt(account, () => stopping.abort());
    await account.save(snapshots, stopping.signal);
    expect(warn).not.toHaveBeenCalled();
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(snapshots.folder)).toEqual(['acme.ndjson']);
  });
});
