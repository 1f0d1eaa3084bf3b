import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { appendRaw, executeOn, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const client = new CommandsFor('client');

/** Two companies and a client of Acme, and an event in Acme's stream that nobody here knows. */
async function stopped() {
  const store = new MemoryEventStore();
  const writer = executeOn(store);
  await runAll(writer, acme.open(), globex.open(), client.openUnder('acme'), client.createUser('cleo'));
  await runAll(writer, client.permit('cleo', 'user.manage'));
  await appendRaw(store, 'acme', 9, 'SomethingOfTomorrow');
  return new WatchedStore(store);
}

describe('An event that this version cannot read', () => {
  it.each([
    ['is of an unknown type', 'SomethingOfTomorrow', 1],
    ['is of a newer version', 'UserDeleted', 2],
  ])('makes its account unavailable when it %s, and no other', async (_, type, version) => {
    const store = new MemoryEventStore();
    await runAll(executeOn(store), acme.open(), globex.open());
    await appendRaw(store, 'acme', 9, type, { v: version });
    const execute = executeOn(store);
    await Promise.all([
      refuses(execute, acme.createUser('bob'), 'unavailable'),
      refuses(execute, acme.deleteUser('nobody'), 'unavailable'),
      execute.run(globex.createUser('bob')),
    ]);
    await refuses(execute, acme.createUser('eve'), 'unavailable');
  });

  it('says which event it is, as the cause', async () => {
    const execute = executeOn(await stopped());
    const reason = await execute.run(acme.createUser('bob')).catch((error: unknown) => error);
    expect(reason).toMatchObject({
      cause: { message: expect.stringContaining('event 10 of stream account-acme is of the unknown type') },
    });
  });

  it("in a parent account stops the parent's users in a client account, but not the client's own", async () => {
    const execute = executeOn(await stopped());
    await Promise.all([
      execute.run(client.by('cleo').createUser('bob')),
      refuses(execute, client.by(acme.admin, 'acme').createUser('eve'), 'unavailable'),
      execute.run(client.by('cleo').createUser('kim')),
    ]);
  });
});

describe('A store that cannot be read', () => {
  it('makes an account unavailable until it can be read', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    store.beforeRead = () => {
      throw new Error('The connection was lost');
    };
    await refuses(execute, acme.open(), 'unavailable');
    store.beforeRead = () => undefined;
    await execute.run(acme.open());
  });
});
