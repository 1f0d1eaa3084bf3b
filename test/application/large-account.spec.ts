import { describe, expect, it } from '@jest/globals';
import { CachedAccount } from '../../src/application/cached-account.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const MOST = 100_000;

/** A log in which Acme takes more memory than {@link MOST}, and Globex little. */
async function grownLog(): Promise<WatchedStore> {
  const store = new MemoryEventStore();
  const large = executeOn(store);
  await runAll(large, acme.open(), globex.open());
  await Promise.all(Array.from({ length: 300 }, (_, n) => large.run(acme.createUser(`u${n}`))));
  return new WatchedStore(store);
}

describe('X87: an account that needs more memory than the process gives to one', () => {
  it('is refused by an error of its own, and no other account is', async () => {
    const execute = executeOn(await grownLog(), { mostBytes: MOST });
    const known = new Map<string, string>();
    execute.onRead = (account, error) => {
      if (error) known.set(account, error.message);
    };
    await Promise.all([
      refuses(execute, acme.createUser('bob'), 'account_too_large'),
      refuses(execute, acme.deleteUser('u1'), 'account_too_large'),
      execute.run(globex.createUser('bob')),
    ]);
    expect([...known]).toEqual([['acme', expect.stringContaining('MUSTER_ACCOUNTS_MEMORY')]]);
  });

  it('is not read again for a minute, however often it is asked for', async () => {
    const store = await grownLog();
    const execute = executeOn(store, { mostBytes: MOST });
    await refuses(execute, acme.createUser('bob'), 'account_too_large');
    store.reads.length = 0;
    for (let times = 0; times < 5; times += 1)
      await refuses(execute, acme.createUser('bob'), 'account_too_large');
    expect(store.reads).toEqual([]);
  });

  it('takes no memory once it was refused', async () => {
    const account = new CachedAccount('acme', MOST);
    const empty = account.weight;
    await expect(account.catchUp(await grownLog())).rejects.toThrow('needs more than');
    expect(account.weight).toBe(empty);
  });
});

describe('X87: an account that has grown almost as large as it can', () => {
  it('takes nothing more from its callers, but is made smaller', async () => {
    const execute = executeOn(new MemoryEventStore(), { mostBytes: MOST });
    await runAll(execute, acme.open(), acme.createGroup('staff'));
    const users = Array.from({ length: 300 }, (_, n) => acme.createUser(`u${n}`));
    const taken = await Promise.allSettled(users.map((command) => execute.run(command)));
    const refused = taken.find((one) => one.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'quota_exceeded' } });
    await refuses(execute, acme.createUser('one-more'), 'quota_exceeded');
    await refuses(execute, acme.addToGroup('u0', 'staff'), 'quota_exceeded');
    await runAll(execute, acme.deleteUser('u0'), acme.update({ name: 'Acme' }));
  });
});
