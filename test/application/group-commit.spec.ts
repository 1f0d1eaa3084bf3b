import { describe, expect, it } from '@jest/globals';
import { sizeOf } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { executeOn, gate, idle, recordsOf, refuses, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');

async function company(store = new WatchedStore()) {
  const execute = executeOn(store);
  await execute.run(acme.open());
  store.appends.length = 0;
  return { store, execute, head: (await recordsOf(store, 'acme')).length - 1 };
}

const users = (count: number, facts?: Parameters<CommandsFor['createUser']>[1]) =>
  Array.from({ length: count }, (_, index) => acme.createUser(`user${index}`, facts));

describe('Commands of one account that wait together', () => {
  it('are appended together, in the order they came', async () => {
    const { store, execute, head } = await company();
    const outcomes = await Promise.all(users(300).map((command) => execute.run(command)));
    expect(store.appends).toHaveLength(1);
    expect(outcomes.map(({ revision }) => revision - head - 1)).toEqual([...outcomes.keys()]);
    const stored = (await recordsOf(store, 'acme', head)).map(({ event }) => event);
    expect(stored).toEqual(outcomes.flatMap(({ events }) => events));
  });

  it('share the append after the one that is under way', async () => {
    const { store, execute } = await company();
    const { opened, open } = gate();
    store.beforeAppend = () => opened;
    const [first, ...others] = users(50);
    const running = first ? [execute.run(first)] : [];
    await idle();
    running.push(...others.map((command) => execute.run(command)));
    await idle();
    open();
    await Promise.all(running);
    expect(store.appends.map(({ events }) => events.length)).toEqual([1, 49]);
  });

  it('do not wait for other accounts', async () => {
    const { store, execute } = await company();
    const { opened, open } = gate();
    store.beforeAppend = ({ stream }) => (stream === 'account-acme' ? opened : undefined);
    const held = execute.run(acme.createUser('bob'));
    await execute.run(new CommandsFor('globex').open());
    open();
    await held;
  });

  it('are cut between commands at 500 events', async () => {
    const { store, execute } = await company();
    const commands = users(300, { roles: [ADMIN] });
    commands.splice(0, 1, acme.createUser('first'));
    await Promise.all(commands.map((command) => execute.run(command)));
    expect(store.appends.map(({ events }) => events.length)).toEqual([499, 100]);
  });

  it('are decided anew when they were cut off, as if they had never been decided before', async () => {
    const { store, execute } = await company();
    await Promise.all(users(501).map((command) => execute.run(command)));
    store.appends.length = 0;
    await Promise.all(users(501).map(({ data }) => execute.run(acme.addToRole(data.user_id))));
    expect(store.appends.map(({ events }) => events.length)).toEqual([500, 1]);
  });

  it('are cut between commands at the most bytes the store takes', async () => {
    const limit = 5000;
    const { store, execute, head } = await company(new WatchedStore(new MemoryEventStore(), limit));
    await Promise.all(users(40, { roles: [ADMIN] }).map((command) => execute.run(command)));
    const sizes = store.appends.map(({ events }) => events.reduce((sum, event) => sum + sizeOf(event), 0));
    expect(await recordsOf(store, 'acme', head)).toHaveLength(80);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(limit - 1200);
    for (const { events } of store.appends) expect(events.at(-1)?.type).toBe('UserAddedToRole');
  });

  it('refuse one that is too large for any append, and nothing of it is written', async () => {
    const { store, execute, head } = await company(new WatchedStore(new MemoryEventStore(), 5000));
    const tooLarge = acme.createGroup('wide', { description: 'x'.repeat(5000) });
    const [before, , after] = await Promise.allSettled([
      execute.run(acme.createUser('bob')),
      refuses(execute, tooLarge, 'change_too_large'),
      execute.run(acme.createUser('eve')),
    ]);
    expect([before, after]).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    expect((await recordsOf(store, 'acme', head)).map(({ event }) => event.type)).toEqual([
      'UserCreated',
      'UserCreated',
    ]);
    await refuses(execute, acme.deleteGroup('wide'), 'group_not_found');
  });

  it('refuse to restore what does not fit into one append, say how much it is, and write nothing', async () => {
    const { store, execute } = await company(new WatchedStore(new MemoryEventStore(), 5000));
    for (const group of ['big', 'small']) await execute.run(acme.createGroup(group));
    for (const command of users(150)) {
      await execute.run(command);
      await execute.run(acme.addToGroup(command.data.user_id, 'big'));
    }
    await execute.run(acme.addToGroup('user0', 'small'));
    for (const group of ['big', 'small']) await execute.run(acme.deleteGroup(group));
    const head = (await recordsOf(store, 'acme')).length - 1;
    await expect(execute.run(acme.restoreGroup('big'))).rejects.toMatchObject({
      code: 'change_too_large',
      message: expect.stringMatching(/^This would record \d,\d{3} bytes, and 5,000 at most/),
    });
    expect((await recordsOf(store, 'acme', head)).length).toBe(0);
    await execute.run(acme.restoreGroup('small'));
    await refuses(execute, acme.restoreGroup('big'), 'change_too_large');
    await refuses(execute, acme.addToGroup('user1', 'big'), 'group_not_found');
  });
});
