import { describe, expect, it } from '@jest/globals';
import type { EventStore, RecordedEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { appendRaw, executeOn, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const client = new CommandsFor('client');

/** Lets a test make an event legible, as a later version would. */
class LegibleStore extends WatchedStore {
  translate = (event: RecordedEvent): RecordedEvent => event;

  override async *readStream(
    ...parameters: Parameters<EventStore['readStream']>
  ): ReturnType<EventStore['readStream']> {
    for await (const page of super.readStream(...parameters))
      yield page.map((event) => (event.type === 'SomethingOfTomorrow' ? this.translate(event) : event));
  }
}

/** Two companies and a client of Acme, and an event in Acme's stream that nobody here knows. */
async function stopped() {
  const store = new MemoryEventStore();
  const writer = executeOn(store);
  await runAll(writer, acme.open(), globex.open(), client.openUnder('acme'), client.createUser('cleo'));
  await runAll(writer, client.permit('cleo', 'user.manage'));
  await appendRaw(store, 'acme', 9, 'SomethingOfTomorrow');
  return new LegibleStore(store);
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
      refuses(execute, acme.createUser('bob'), 'account_unreadable'),
      refuses(execute, acme.deleteUser('nobody'), 'account_unreadable'),
      execute.run(globex.createUser('bob')),
    ]);
    await refuses(execute, acme.createUser('eve'), 'account_unreadable');
  });

  it('says which event it is, as the cause', async () => {
    const execute = executeOn(await stopped());
    const reason = await execute.run(acme.createUser('bob')).catch((error: unknown) => error);
    expect(reason).toMatchObject({
      cause: { message: expect.stringContaining('event 10 of stream account-acme is of the unknown type') },
    });
  });

  it('is made known when a command meets it, and no more once it can be read', async () => {
    const store = await stopped();
    const execute = executeOn(store);
    const known = new Map<string, string>();
    execute.onRead = (account, error) => {
      if (error) known.set(account, error.message);
      else known.delete(account);
    };
    await refuses(execute, client.by(acme.admin, 'acme').createUser('eve'), 'account_unreadable');
    await execute.run(globex.createUser('bob'));
    expect([...known]).toEqual([['acme', expect.stringContaining('event 10 of stream account-acme')]]);
    store.translate = (event) => ({
      ...event,
      type: 'AccountRenamed',
      data: '{"name":"x"}',
    });
    await execute.run(acme.createUser('bob'));
    expect(known.size).toBe(0);
  });

  it('is read again with every command, but not what comes before it', async () => {
    const store = await stopped();
    const execute = executeOn(store);
    await refuses(execute, acme.createUser('bob'), 'account_unreadable');
    const { eventsRead } = store;
    await refuses(execute, acme.createUser('bob'), 'account_unreadable');
    expect(store.eventsRead).toBe(eventsRead + 1);
  });

  it('may be one whose data do not fit those before it', async () => {
    const store = new MemoryEventStore();
    await runAll(executeOn(store), acme.open(), acme.createUser('bob'));
    await appendRaw(store, 'acme', 10, 'UserRenamed', { data: { user_id: 'bobby', first_name: 'Robert' } });
    const execute = executeOn(store);
    const reason = await execute.run(acme.createUser('eve')).catch((error: unknown) => error);
    expect(reason).toMatchObject({
      code: 'account_unreadable',
      cause: {
        message: expect.stringMatching(/^event 11 of stream account-acme does not fit those before it/),
      },
    });
    await refuses(execute, acme.createUser('eve'), 'account_unreadable');
  });

  it("in a parent account stops the parent's users in a client account, but not the client's own", async () => {
    const execute = executeOn(await stopped());
    await Promise.all([
      execute.run(client.by('cleo').createUser('bob')),
      refuses(execute, client.by(acme.admin, 'acme').createUser('eve'), 'account_unreadable'),
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
