import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ListGroupsOfUser } from '../../src/read/groups-of-user.js';
import { ListMembers } from '../../src/read/members.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), client.openUnder('acme'), client.createUser('client-bob'));
  await runAll(execute, ...['bob', 'eve', 'kim'].map((id) => acme.createUser(id)));
  await runAll(execute, ...['a', 'b', 'c'].map((id) => acme.createGroup(id)));
  await runAll(execute, ...['kim', 'eve', 'bob'].map((id) => acme.addToGroup(id, 'a', id === 'eve')));
  await runAll(execute, acme.addToGroup('bob', 'c'), acme.addToGroup('bob', 'b', true));
});
afterAll(() => instance.stop());

const members = (group: string, page = firstPage, account = 'acme') => {
  const { rows, total } = instance.ask(new ListMembers(instance.now(account), group, page));
  return { rows, ids: rows.map(({ id }) => id), total };
};
const groupsOf = (user: string, page = firstPage) => {
  const { rows, total } = instance.ask(new ListGroupsOfUser(instance.now('acme'), user, page));
  return { rows, ids: rows.map(({ id }) => id), total };
};

describe('The members of a group', () => {
  it('T112 T113: are listed in the order of the users, with their right to edit the group', () => {
    const { rows, total } = members('a');
    expect(rows.map(({ id, can_edit }) => [id, can_edit])).toEqual([
      ['bob', false],
      ['eve', true],
      ['kim', false],
    ]);
    expect(total).toBe(3);
    expect(rows[1]).toMatchObject({
      id: 'eve',
      first_name: 'eve',
      last_name: 'Doe',
      email: 'eve@x.example',
      can_edit: true,
    });
  });

  it('are paged with the total of the whole list on every page', () => {
    expect(members('a', { limit: 2, offset: 1 })).toMatchObject({ ids: ['eve', 'kim'], total: 3 });
    expect(members('a', { limit: 2, offset: 3 })).toMatchObject({ ids: [], total: 3 });
  });

  it('T226: are all users of the account for All Users', () => {
    expect(members(acme.allUsers)).toMatchObject({ ids: [acme.admin, 'bob', 'eve', 'kim'], total: 4 });
    expect(members(client.allUsers, firstPage, 'client')).toMatchObject({ ids: ['client-bob'], total: 1 });
  });

  it('T237: have the names they have now', async () => {
    await instance.execute.run(acme.updateUser({ user_id: 'kim', first_name: 'Kimberly' }));
    expect(members('a').rows[2]).toMatchObject({ id: 'kim', first_name: 'Kimberly' });
  });

  it('T068: are not found for a group of another account', () => {
    expect(() => members(client.allUsers)).toThrow(expect.objectContaining({ code: 'group_not_found' }));
  });
});

describe('The groups of a user', () => {
  it('T100: are listed oldest first, All Users among them', () => {
    expect(groupsOf('bob')).toMatchObject({ ids: [acme.allUsers, 'a', 'b', 'c'], total: 4 });
    expect(groupsOf('bob').rows[2]).toEqual({
      id: 'b',
      name: 'b',
      description: '',
      can_edit: true,
      built_in: false,
    });
    expect(groupsOf('bob').rows[0]).toMatchObject({ name: 'All Users', built_in: true });
    expect(groupsOf('bob', { limit: 1, offset: 2 })).toMatchObject({ ids: ['b'], total: 4 });
  });

  it('T093 T130: lose a group that is left or deleted', async () => {
    await runAll(instance.execute, acme.removeFromGroup('bob', 'a'), acme.deleteGroup('c'));
    expect(groupsOf('bob')).toMatchObject({ ids: [acme.allUsers, 'b'], total: 2 });
    expect(members('a')).toMatchObject({ ids: ['eve', 'kim'], total: 2 });
  });

  it('T102: are not found for a user of another account', () => {
    expect(() => groupsOf('client-bob')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });
});
