import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ListTabInstances } from '../../src/read/tab-instances.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
let instance: Instance;

beforeEach(async () => {
  instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), acme.createUser('bob'), acme.createUser('eve'));
  await runAll(
    instance.execute,
    acme.addTabs('bob', ['i9', 'c'], ['i1', 'a']),
    acme.addTabs('eve', ['i2', 'a']),
    acme.addTabs('bob', ['i3', 'b']),
  );
});
afterEach(() => instance.stop());

const list = (user: string, page = firstPage) => {
  const { rows, total } = instance.ask(new ListTabInstances(instance.now('acme'), user, page));
  return { pairs: rows.map(({ id, tab_id }) => [id, tab_id]), total };
};

it('lists those of one user, oldest first, with the total on every page', () => {
  const pairs = [
    ['i9', 'c'],
    ['i1', 'a'],
    ['i3', 'b'],
  ];
  expect(list('bob')).toEqual({ pairs, total: 3 });
  expect(list('bob', { limit: 1, offset: 1 })).toEqual({ pairs: pairs.slice(1, 2), total: 3 });
});

it('one that was removed is nowhere any more', async () => {
  await runAll(instance.execute, acme.removeTab('bob', 'i1'));
  expect(list('bob').pairs.flat()).not.toContain('i1');
  expect(list('eve').total).toBe(1);
  expect(instance.views.tree.ownerOf('tab_instance', 'i1')).toBeUndefined();
});

it('those of a deleted user are nowhere any more', async () => {
  await runAll(instance.execute, acme.deleteUser('bob'));
  expect(() => list('bob')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  for (const id of ['i9', 'i1', 'i3'])
    expect(instance.views.tree.ownerOf('tab_instance', id)).toBeUndefined();
  expect(instance.views.tree.ownerOf('tab_instance', 'i2')).toBe('acme');
});
