import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');

/** An instance whose store is watched, another on the same log, and an account that both know. */
async function two(patienceMs?: number) {
  const log = new MemoryEventStore(false);
  const store = new WatchedStore(log);
  const [here, there] = [executeOn(store, patienceMs === undefined ? {} : { patienceMs }), executeOn(log)];
  await runAll(there, acme.open(), acme.createUser('bob'));
  await here.run(acme.updateUser({ user_id: 'bob' }));
  store.reads.length = 0;
  return { log, store, here, there };
}

describe('When another writer was faster', () => {
  it('the batch is rolled back, the tail is read and every command is decided again', async () => {
    const { log, store, here, there } = await two();
    await there.run(acme.createUser('eve'));
    const results = await Promise.allSettled([
      here.run(acme.createUser('kim')),
      here.run(acme.createUser('other-eve', { email: 'Eve@x.example' })),
      here.run(acme.addToRole('eve')),
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'email_in_use' } },
      { status: 'fulfilled' },
    ]);
    expect(store.appends.map(({ expectedRevision }) => expectedRevision)).toEqual([10, 11]);
    const types = (await recordsOf(log, 'acme', 10)).map(({ event }) => event.type);
    expect(types).toEqual(['UserCreated', 'UserCreated', 'UserAddedToRole']);
  });

  it('leaves nothing of the lost decision behind', async () => {
    const { here, there } = await two();
    await there.run(acme.createGroup('taken', { external_id: 'x' }));
    await refuses(here, acme.createGroup('lost', { external_id: 'x' }), 'external_id_in_use');
    await refuses(here, acme.deleteGroup('lost'), 'group_not_found');
    await there.run(acme.updateGroup({ group_id: 'taken', external_id: null }));
    await here.run(acme.createGroup('found', { external_id: 'x' }));
  });

  it('what is decided again gets new event ids', async () => {
    const { store, here, there } = await two();
    await there.run(acme.createUser('eve'));
    await here.run(acme.createUser('kim'));
    const ids = store.appends.flatMap(({ events }) => events.map(({ id }) => id));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it('a command gives way again and again until it has its turn', async () => {
    const { store, here, there } = await two();
    let rivals = 0;
    store.beforeAppend = () => (rivals < 5 ? there.run(acme.createUser(`rival${(rivals += 1)}`)) : undefined);
    await here.run(acme.createUser('kim'));
    expect(store.appends).toHaveLength(6);
  });

  it('a command that has waited too long is given up as unavailable, and is not in the log', async () => {
    const { log, store, here, there } = await two(0);
    store.beforeAppend = () => there.run(acme.createUser('rival'));
    await refuses(here, acme.createUser('kim'), 'unavailable');
    const users = (await recordsOf(log, 'acme', 9)).map(({ event }) => event.data);
    expect(users).toMatchObject([{ user_id: 'bob' }, { user_id: 'rival' }]);
    store.beforeAppend = () => undefined;
    await here.run(acme.addToRole('rival'));
  });
});
