import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { builtInRoles } from '../../src/domain/built-in-roles.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetRole } from '../../src/read/role.js';
import { ListRoles } from '../../src/read/roles.js';
import { ListRolesOfUser } from '../../src/read/roles-of-user.js';
import { ListUsersOfRole } from '../../src/read/users-of-role.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const builtIn = builtInRoles.map(({ id }) => id);
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), client.openUnder('acme'), acme.createRole('builders', 'klip.edit', 'a'));
  await runAll(execute, client.createRole('client-role'), acme.createRole('readers'));
  await runAll(execute, client.createUser('client-bob', { roles: [ADMIN] }));
  await runAll(execute, ...['bob', 'eve'].map((id) => acme.createUser(id, { roles: ['builders', ADMIN] })));
});
afterAll(() => instance.stop());

const list = (account: string, page = firstPage) => {
  const { rows, total } = instance.ask(new ListRoles(instance.now(account), page));
  return { ids: rows.map(({ id }) => id), total };
};
const usersOf = (role: string, account = 'acme', page = firstPage) => {
  const { rows, total } = instance.ask(new ListUsersOfRole(instance.now(account), role, page));
  return { rows, ids: rows.map(({ id }) => id), total };
};
const rolesOf = (user: string) =>
  instance.ask(new ListRolesOfUser(instance.now('acme'), user, firstPage)).rows.map(({ id }) => id);

describe('The roles of an account', () => {
  it('are the built-in ones and its own', () => {
    expect(list('acme')).toEqual({ ids: [...builtIn, 'builders', 'readers'], total: 5 });
    expect(list('client')).toEqual({ ids: [...builtIn, 'client-role'], total: 4 });
    expect(list('acme', { limit: 2, offset: 2 })).toEqual({ ids: [builtIn[2], 'builders'], total: 5 });
  });

  it('have their permissions in the order they were sent; Admin has the one permission *', () => {
    const get = (id: string) => instance.ask(new GetRole(instance.now('acme'), id));
    expect(get('builders')).toMatchObject({ permissions: ['klip.edit', 'a'], built_in: false });
    expect(get(ADMIN)).toMatchObject({ name: 'Admin', permissions: ['*'], built_in: true });
    const error = expect.objectContaining({ code: 'role_not_found' });
    expect(() => get('client-role')).toThrow(error);
    expect(() => get('bob')).toThrow(error);
  });
});

describe('The users of a role', () => {
  it('T140 T144 T166: are those of the account, also for a role that every account has', () => {
    expect(usersOf(ADMIN)).toMatchObject({ ids: [acme.admin, 'bob', 'eve'], total: 3 });
    expect(usersOf(ADMIN, 'client')).toMatchObject({ ids: ['client-bob'], total: 1 });
    const names = { first_name: 'bob', last_name: 'Doe', email: 'bob@x.example' };
    expect(usersOf('builders').rows[0]).toEqual({ id: 'bob', ...names });
  });

  it('are paged with the total of the whole list on every page', () => {
    expect(usersOf(ADMIN, 'acme', { limit: 2, offset: 1 })).toMatchObject({ ids: ['bob', 'eve'], total: 3 });
  });

  it('T143: are none for a role that nobody has', () => {
    expect(usersOf('readers')).toMatchObject({ ids: [], total: 0 });
  });

  it('T142: are not found for a role of another account', () => {
    expect(() => usersOf('client-role')).toThrow(expect.objectContaining({ code: 'role_not_found' }));
  });

  it('T160 T250: lose who loses the role or is deleted', async () => {
    await runAll(instance.execute, acme.removeFromRole('bob', 'builders'), acme.deleteUser('eve'));
    expect(usersOf('builders')).toMatchObject({ ids: [], total: 0 });
    expect(usersOf(ADMIN)).toMatchObject({ ids: [acme.admin, 'bob'], total: 2 });
  });
});

describe('A role that changes', () => {
  const get = (id: string) => instance.ask(new GetRole(instance.now('acme'), id));

  it('T400: has the facts it was given last', async () => {
    await runAll(instance.execute, acme.createRole('changing', 'a', 'b'));
    await runAll(
      instance.execute,
      acme.updateRole({ role_id: 'changing', name: 'New', description: 'D', permissions: ['c', 'a'] }),
      acme.removeRolePermissions('changing', 'c'),
    );
    expect(get('changing')).toEqual({
      ...{ id: 'changing', name: 'New', description: 'D', permissions: ['a'], built_in: false },
    });
  });

  it('T400: is gone when it is deleted, from its holders as well, and from them alone', async () => {
    await runAll(instance.execute, acme.createUser('kim', { roles: ['changing', ADMIN] }));
    const { total } = list('acme');
    await instance.execute.run(acme.deleteRole('changing'));
    const error = expect.objectContaining({ code: 'role_not_found' });
    expect(() => get('changing')).toThrow(error);
    expect(() => usersOf('changing')).toThrow(error);
    expect(list('acme')).toEqual({ ids: [...builtIn, 'builders', 'readers'], total: total - 1 });
    expect(rolesOf('kim')).toEqual([ADMIN]);
    const ended = `SELECT until - since AS revisions FROM assignments JOIN entities ON number = role WHERE id = 'changing'`;
    expect(instance.views.database.prepare(ended).all()).toEqual([{ revisions: 2 }]);
    await instance.execute.run(acme.deleteUser('kim'));
  });
});

describe('The roles of a user', () => {
  it('T159: are listed in the order they were given', async () => {
    await instance.execute.run(acme.addToRole('bob', 'builders'));
    expect(rolesOf('bob')).toEqual([ADMIN, 'builders']);
    expect(rolesOf(acme.admin)).toEqual(builtIn);
    expect(() => rolesOf('client-bob')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });
});
