import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import type { Views } from '../../src/read/views.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, runAll } from '../support/execute.js';
import { breakWrites, dump, inDirectory, Instance, rebuilt, until } from '../support/views.js';

const accounts = ['acme', 'globex', 'initech'].map((id) => new CommandsFor(id));
const boom = new CommandsFor('initech').createGroup('boom');

function nextLoss({ database }: Views): Promise<void> {
  const { onLost } = database;
  return new Promise((resolve) => {
    database.onLost = (loss) => {
      onLost(loss);
      resolve();
    };
  });
}

/** Counts how often it was asked whether it can be written. */
class DoubtedStore extends MemoryEventStore {
  doubts = 0;
  override doubt(): void {
    this.doubts += 1;
  }
}

describe('When the file of the views cannot be written', () => {
  it('nothing is answered until what was lost is there again and durable, and no account is to blame', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'views.db');
      const store = new DoubtedStore();
      const instance = await Instance.start(store, path);
      const { views, projector, execute } = instance;
      await runAll(execute, ...accounts.map((account) => account.open()));
      views.database.commit();
      const other = openDatabase(path);
      other.exec('BEGIN IMMEDIATE');
      await runAll(execute, ...accounts.map((account) => account.createUser(`${account.account}-bob`)));
      for (let losses = 0; losses < 3; losses += 1) {
        expect([projector.isCaughtUp, projector.isWhole]).toEqual([false, false]);
        expect(() => projector.assertWhole()).toThrow(expect.objectContaining({ code: 'unavailable' }));
        await nextLoss(views);
      }
      expect(projector.stoppedAccounts).toEqual([]);
      expect(store.doubts).toBeGreaterThan(0);
      other.exec('ROLLBACK');
      other.close();
      await until(() => projector.isWhole);
      expect(dump(views)).toEqual(await rebuilt(store));
      await instance.stop();
    });
  });
});

describe('When the database gives up the transaction around the views', () => {
  it('what was visible but not durable is read again, and no query is answered until it is', async () => {
    const store = new MemoryEventStore();
    const instance = await Instance.start(store);
    const { views, projector, execute } = instance;
    await runAll(execute, ...accounts.map((account) => account.open()));
    const repair = breakWrites(views, 'groups', "NEW.name = 'boom'", 'ROLLBACK');
    await runAll(execute, ...accounts.map((account) => account.createUser(`${account.account}-bob`)));
    await execute.run(boom);
    expect(views.checkpoints.revisionOf('acme')).toBe(9);
    for (const { account } of accounts)
      expect(() => projector.assertReadable(account)).toThrow(
        expect.objectContaining({ code: 'unavailable' }),
      );
    repair();
    await until(() => projector.isCaughtUp && projector.stoppedAccounts.length === 0);
    expect(dump(views)).toEqual(await rebuilt(store));
    await instance.stop();
  });

  it('in the middle of a page of the log, nothing of the page is left out', async () => {
    const store = new MemoryEventStore();
    await runAll(executeOn(store), ...accounts.map((account) => account.open()), boom);
    await runAll(
      executeOn(store),
      ...accounts.map((account) => account.createUser(`${account.account}-bob`)),
    );
    const instance = Instance.prepare(store);
    const { views, projector } = instance;
    const repair = breakWrites(views, 'groups', "NEW.name = 'boom'", 'ROLLBACK');
    const lost = nextLoss(views);
    const started = projector.start();
    await lost;
    expect(projector.stoppedAccounts).toEqual([]);
    repair();
    await started;
    expect(dump(views)).toEqual(await rebuilt(store));
    expect(views.checkpoints.logId).toBe(await store.logId());
    await instance.stop();
  });
});
