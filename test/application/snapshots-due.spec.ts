import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Execute } from '../../src/application/execute.js';
import { CommandsFor } from '../support/commands.js';
import { appendRaw, executeOn, gate, idle, refuses, runAll, WatchedStore } from '../support/execute.js';
import { SnapshotDirectories, WatchedSnapshots } from '../support/snapshots.js';

Logger.overrideLogger(false);
const directories = new SnapshotDirectories();
afterAll(() => directories.remove());

const acme = new CommandsFor('acme');
const users = (count: number, name = 'user') =>
  Array.from({ length: count }, (_, index) => acme.createUser(`${name}${index}`));

/** Settles after the snapshot that may follow what was done, as the next command waits for it. */
async function afterSnapshotOf(execute: Execute): Promise<void> {
  await idle();
  await refuses(execute, acme.deleteUser('nobody'), 'user_not_found');
}

/** Acme with ten events, in a service whose snapshots are due after 20 events, or 40 when commands wait. */
async function company(folder = directories.next()) {
  const store = new WatchedStore();
  const snapshots = new WatchedSnapshots(folder);
  const execute = executeOn(store, { snapshots });
  await execute.run(acme.open());
  const runTogether = (count: number, name?: string) =>
    Promise.all(users(count, name).map((command) => execute.run(command)));
  const afterSnapshot = () => afterSnapshotOf(execute);
  return { store, snapshots, execute, runTogether, afterSnapshot, saves: snapshots.saves };
}

describe('A snapshot is due', () => {
  it('when enough events have come, and again when as many have come after it', async () => {
    const { runTogether, afterSnapshot, saves } = await company();
    await runTogether(9);
    await afterSnapshot();
    expect(saves).toEqual([]);
    await runTogether(1, 'one');
    await afterSnapshot();
    expect(saves).toEqual([{ account: 'acme', revision: 19 }]);
    await runTogether(19, 'more');
    await afterSnapshot();
    expect(saves).toHaveLength(1);
    await runTogether(1, 'last');
    await afterSnapshot();
    expect(saves.map(({ revision }) => revision)).toEqual([19, 39]);
  });

  it.each([
    ['only when they were carried out', 15, [25]],
    ['at once when too many events have come', 30, [39]],
  ])('while other commands wait, %s', async (_, count, revisions) => {
    const { store, execute, runTogether, afterSnapshot, saves } = await company();
    const { opened, open } = gate();
    store.beforeAppend = () => opened;
    const together = runTogether(count);
    await idle();
    const waiting = execute.run(acme.createUser('waiting'));
    open();
    await Promise.all([together, waiting]);
    await afterSnapshot();
    expect(saves.map(({ revision }) => revision)).toEqual(revisions);
  });

  it('after many events were read, and not after few', async () => {
    const { store, execute, runTogether } = await company();
    await runTogether(25);
    await execute.close();
    const snapshots = new WatchedSnapshots(directories.next());
    for (const expected of [1, 1]) {
      const cold = executeOn(store, { snapshots });
      await refuses(cold, acme.deleteUser('nobody'), 'user_not_found');
      await afterSnapshotOf(cold);
      expect(snapshots.saves).toHaveLength(expected);
    }
    expect(store.eventsRead).toBe(35 + 1);
  });

  it('of a company whose rights are asked for by commands of its clients', async () => {
    const { store, execute, runTogether } = await company();
    const client = new CommandsFor('client');
    await runTogether(25);
    await execute.run(client.openUnder('acme'));
    await execute.close();
    const snapshots = new WatchedSnapshots(directories.next());
    const cold = executeOn(store, { snapshots });
    const { opened, open } = gate();
    snapshots.beforeSave = () => opened;
    await cold.run(client.by(acme.admin, 'acme').createUser('bob'));
    await idle();
    expect(snapshots.saves).toEqual([{ account: 'acme', revision: 34 }]);
    open();
  });

  it('again only after more events when it could not be written', async () => {
    const { runTogether, afterSnapshot, saves } = await company(join(import.meta.filename, 'below a file'));
    await runTogether(10);
    await afterSnapshot();
    await runTogether(19, 'more');
    await afterSnapshot();
    expect(saves).toHaveLength(1);
  });
});

describe('While a snapshot is written', () => {
  /** Acme's snapshot under way, until the gate is opened or the service stops. */
  async function underWay() {
    const made = await company();
    const { opened, open } = gate();
    made.snapshots.beforeSave = (signal) =>
      Promise.race([opened, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    await made.runTogether(10);
    await idle();
    expect(made.saves).toHaveLength(1);
    made.store.appends.length = 0;
    return { ...made, open };
  }

  it('those whose commands it stands on were answered, and those who come wait', async () => {
    const { store, execute, open } = await underWay();
    const late = execute.run(acme.createUser('late'));
    await idle();
    expect(store.appends).toEqual([]);
    open();
    await late;
    expect(store.appends).toHaveLength(1);
  });

  it('other accounts are served', async () => {
    const { execute, open } = await underWay();
    await execute.run(new CommandsFor('globex').open());
    open();
  });

  it('nobody reads rights from the state', async () => {
    const { execute, open } = await underWay();
    const client = new CommandsFor('client');
    await execute.run(client.openUnder('acme'));
    let isAnswered = false;
    const asked = execute
      .run(client.by(acme.admin, 'acme').createUser('bob'))
      .then(() => (isAnswered = true));
    await idle();
    expect(isAnswered).toBe(false);
    open();
    await asked;
  });

  it('a stop gives it up, and waits until it is', async () => {
    const { snapshots, execute } = await underWay();
    let hasEnded = false;
    snapshots.afterSave = async () => {
      await idle();
      hasEnded = true;
    };
    await execute.close();
    expect(hasEnded).toBe(true);
    expect(await snapshots.load('acme')).toBeUndefined();
  });
});

describe('No snapshot is written', () => {
  it('by a service that stops', async () => {
    const { store, execute, runTogether, saves } = await company();
    const { opened, open } = gate();
    store.beforeAppend = () => opened;
    const together = runTogether(20);
    await idle();
    const closed = execute.close();
    open();
    await Promise.all([together, closed]);
    expect(saves).toEqual([]);
  });

  it('of a state that an event has broken, but of the one before that event', async () => {
    const { store, execute, runTogether } = await company();
    await runTogether(25);
    await execute.close();
    await appendRaw(store, 'acme', 34, 'UserCreated', {
      data: { user_id: 'nobody can be without an address' },
    });
    const snapshots = new WatchedSnapshots(directories.next());
    const cold = executeOn(store, { snapshots });
    await refuses(cold, acme.createUser('bob'), 'account_unreadable');
    await idle();
    expect(snapshots.saves).toEqual([{ account: 'acme', revision: 34 }]);
  });

  it('of an account that is no longer in memory, which then starts from the one before', async () => {
    const { store, snapshots, runTogether, afterSnapshot, saves } = await company();
    await runTogether(15);
    await afterSnapshot();
    const small = executeOn(store, { snapshots, cachedBytes: 1 });
    store.eventsRead = 0;
    await runAll(small, acme.createUser('x'), new CommandsFor('globex').open(), acme.createUser('y'));
    expect([saves.length, store.eventsRead]).toEqual([1, 1 + 2]);
  });
});
