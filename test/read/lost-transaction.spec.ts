import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, runAll } from '../support/execute.js';
import { breakInserts, dump, Instance, rebuilt, until } from '../support/views.js';

const accounts = ['acme', 'globex', 'initech'].map((id) => new CommandsFor(id));
const boom = new CommandsFor('initech').createGroup('boom');

describe('When the database gives up the transaction around the views', () => {
  it('what was visible but not durable is read again, and no query is answered until it is', async () => {
    const store = new MemoryEventStore();
    const instance = await Instance.start(store);
    const { views, projector, execute } = instance;
    await runAll(execute, ...accounts.map((account) => account.open()));
    const repair = breakInserts(views, 'groups', "NEW.name = 'boom'", 'ROLLBACK');
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
    const repair = breakInserts(views, 'groups', "NEW.name = 'boom'", 'ROLLBACK');
    const started = projector.start();
    await until(() => projector.stoppedAccounts.length > 0);
    repair();
    await started;
    await until(() => projector.stoppedAccounts.length === 0);
    expect(dump(views)).toEqual(await rebuilt(store));
    expect(views.checkpoints.logId).toBe(await store.logId());
    await instance.stop();
  });
});
