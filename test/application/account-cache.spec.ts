import { describe, expect, it } from '@jest/globals';
import { CachedAccount } from '../../src/application/cached-account.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { executeOn, fold, recordsOf, refuses, refusalsOf, runAll, WatchedStore } from '../support/execute.js';

/** What an account takes that was opened and nothing more. */
async function openedBytes(): Promise<number> {
  const store = new WatchedStore();
  await runAll(executeOn(store), new CommandsFor('a').open());
  const account = new CachedAccount('a');
  await account.catchUp(store);
  return account.weight;
}

const accounts = ['a', 'b', 'c', 'd', 'e'].map((id) => new CommandsFor(id));

describe('The accounts in memory', () => {
  it('are read once as long as they fit the budget', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await runAll(execute, ...accounts.map((account) => account.open()));
    await runAll(execute, ...accounts.map((account) => account.createUser('bob')));
    expect(store.reads).toHaveLength(accounts.length);
  });

  it('make room for others, those used longest ago first, and are read again', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store, { cachedBytes: 3.5 * (await openedBytes()) });
    await runAll(execute, ...accounts.map((account) => account.open()));
    store.reads.length = 0;
    const use = (id: string) => execute.run(new CommandsFor(id).update({ name: 'Used' }));
    for (const id of ['e', 'd', 'c', 'a', 'c', 'd', 'e']) await use(id);
    expect(store.reads).toEqual(['account-a', 'account-e']);
  });

  it('make room for an account that has grown', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store, { cachedBytes: 3.5 * (await openedBytes()) });
    const [a, b] = accounts;
    if (!a || !b) throw new Error('There are five');
    await runAll(execute, a.open(), b.open());
    await Promise.all(Array.from({ length: 90 }, (_, index) => execute.run(b.createUser(`u${index}`))));
    store.reads.length = 0;
    await runAll(execute, b.createUser('x'), a.createUser('x'));
    expect(store.reads).toEqual(['account-a']);
  });

  it('keep every rule when there is room for none of them', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store, { cachedBytes: 1 });
    await runAll(execute, ...accounts.map((account) => account.open()));
    const open = accounts.map((account) => account.createUser(`${account.account}-bob`, { roles: [ADMIN] }));
    await Promise.all(open.map((command) => execute.run(command)));
    const rivals = accounts.flatMap((account) => [
      () => execute.run(account.removeFromRole(account.admin)),
      () => execute.run(account.removeFromRole(`${account.account}-bob`)),
      () => execute.run(account.createUser('x', { email: 'X@x.example' })),
      () => execute.run(account.createUser('y', { email: 'x@X.example' })),
    ]);
    const refusals = accounts.flatMap(() => ['admin_role_requires_user', 'email_in_use']);
    expect(await refusalsOf(rivals)).toMatchObject(refusals.map((code) => ({ code })));
    for (const { account } of accounts) {
      const state = fold(await recordsOf(store, account));
      expect(state.assignments.byOther.get(ADMIN)?.size).toBe(1);
      expect(state.users.size).toBe(3);
    }
  });

  it('serve clients of two companies at once that do not fit together', async () => {
    const store = new WatchedStore();
    const large = executeOn(store);
    const [acme, globex] = [new CommandsFor('acme'), new CommandsFor('globex')];
    const [one, other] = [new CommandsFor('one'), new CommandsFor('other')];
    await runAll(large, acme.open(), globex.open(), one.openUnder('acme'), other.openUnder('globex'));
    for (const company of [acme, globex])
      await Promise.all(
        Array.from({ length: 1200 }, (_, index) => large.run(company.createUser(`u${index}`))),
      );
    const execute = executeOn(store, { cachedBytes: 500_000 });
    await Promise.all([
      execute.run(one.by(acme.admin, 'acme').createUser('bob')),
      execute.run(other.by(globex.admin, 'globex').createUser('eve')),
      refuses(execute, other.by('u1', 'globex').createUser('kim'), 'access_denied'),
    ]);
  });
});
