import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetGroup } from '../../src/read/group.js';
import { ListGroups } from '../../src/read/groups.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(
    execute,
    acme.open(),
    client.openUnder('acme'),
    acme.createUser('bob'),
    acme.createUser('eve'),
  );
  await runAll(execute, ...['a', 'b', 'c'].map((id) => acme.createGroup(id, { external_id: `X-${id}` })));
  await runAll(execute, client.createGroup('client-a', { external_id: 'X-a' }));
  await runAll(
    execute,
    acme.addToGroup('bob', 'a'),
    acme.addToGroup('eve', 'a'),
    acme.addToGroup('bob', 'b'),
  );
  await runAll(execute, acme.deleteGroup('b'), acme.updateGroup({ group_id: 'a', permissions: ['z', 'y'] }));
});
afterAll(() => instance.stop());

const list = (externalId?: string, page = firstPage, account = 'acme') => {
  const { rows, total } = instance.ask(new ListGroups(instance.now(account), externalId, page));
  return { ids: rows.map(({ id }) => id), total };
};
const get = (id: string) => instance.ask(new GetGroup(instance.now('acme'), id));

describe('The groups of an account', () => {
  it('T050: are listed oldest first, All Users among them and deleted ones not', () => {
    expect(list()).toEqual({ ids: [acme.allUsers, 'a', 'c'], total: 3 });
    expect(list(undefined, firstPage, 'client')).toEqual({ ids: [client.allUsers, 'client-a'], total: 2 });
  });

  it('T055: are paged with the total of the whole list on every page', () => {
    expect(list(undefined, { limit: 2, offset: 0 })).toEqual({ ids: [acme.allUsers, 'a'], total: 3 });
    expect(list(undefined, { limit: 2, offset: 2 })).toEqual({ ids: ['c'], total: 3 });
  });

  it('T056: are found by their exact external id', () => {
    expect(list('X-a')).toEqual({ ids: ['a'], total: 1 });
    expect(list('X-a', { limit: 1, offset: 1 })).toEqual({ ids: [], total: 1 });
    expect(list('x-a')).toEqual({ ids: [], total: 0 });
    expect(list('X-b')).toEqual({ ids: [], total: 0 });
  });
});

describe('A group', () => {
  it('has its permissions in the order they were sent', () => {
    const facts = { id: 'a', name: 'a', description: '', external_id: 'X-a', built_in: false };
    expect(get('a')).toMatchObject({ ...facts, permissions: ['z', 'y'] });
  });

  it('T066 T075 T119: counts its members, each once', async () => {
    expect(get('c').num_members).toBe(0);
    expect(get('a').num_members).toBe(2);
    await instance.execute.run(acme.addToGroup('bob', 'a', true));
    expect(get('a').num_members).toBe(2);
    await instance.execute.run(acme.removeFromGroup('eve', 'a'));
    expect(get('a').num_members).toBe(1);
  });

  it('T226 T250: loses a member who is deleted, as All Users does, which has everybody', async () => {
    await runAll(instance.execute, acme.createUser('kim'), acme.addToGroup('kim', 'c'));
    expect([get('c').num_members, get(acme.allUsers).num_members]).toEqual([1, 4]);
    await instance.execute.run(acme.deleteUser('kim'));
    expect([get('c').num_members, get(acme.allUsers).num_members]).toEqual([0, 3]);
  });

  it.each(['b', 'client-a', 'none', 'bob'])(
    'T068: is not found when deleted, elsewhere or none: %s',
    (id) => {
      expect(() => get(id)).toThrow(expect.objectContaining({ code: 'group_not_found' }));
    },
  );
});
