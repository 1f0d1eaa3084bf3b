import { describe, it } from '@jest/globals';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { AddUserToRole, RemoveUserFromRole } from '../../src/domain/assignment.js';
import { CreateRole, DeleteRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  inRole,
  managerMax,
  permitted,
  role,
  system,
  user,
} from '../support/domain.js';

const world = [...company, user('bob'), role('r', 'klip.edit')];
const add = (user_id = 'bob', role_id = 'r') => new AddUserToRole(ACME, { user_id, role_id }, as('ann'));
const remove = (user_id = 'bob', role_id = 'r', meta = as('ann')) =>
  new RemoveUserFromRole(ACME, { user_id, role_id }, meta);
const removed = (user_id: string, role_id: string) =>
  ({ type: 'UserRemovedFromRole', data: { user_id, role_id } }) as const;
const deleted = { type: 'UserDeleted', data: { user_id: 'bob' } } as const;

describe('CreateRole', () => {
  it('T400: records the role with its permissions in the order sent', () => {
    const data = {
      role_id: 'r2',
      name: 'Analyst',
      description: 'Looks',
      permissions: ['tab.edit', 'klip.edit'],
    };
    given(company)
      .when(new CreateRole(ACME, data, as('ann')))
      .then({ type: 'RoleCreated', data });
  });
});

describe('UpdateRole', () => {
  const update = (data: Omit<UpdateRole['data'], 'role_id'>, meta = as('ann'), role_id = 'r') =>
    new UpdateRole(ACME, { role_id, ...data }, meta);
  const replaced = (...permissions: string[]) =>
    ({ type: 'RolePermissionsReplaced', data: { role_id: 'r', permissions } }) as const;

  it('T400: records each field that changes as a fact of its own', () =>
    given(world)
      .when(update({ name: 'Readers', description: 'Read', permissions: ['tab.edit'] }))
      .then(
        { type: 'RoleRenamed', data: { role_id: 'r', name: 'Readers' } },
        { type: 'RoleDescriptionChanged', data: { role_id: 'r', description: 'Read' } },
        replaced('tab.edit'),
      ));
  it('T400: what is absent or the same changes nothing', () => {
    given(world).when(update({})).nothing();
    given(world)
      .when(update({ name: 'r', description: '', permissions: ['klip.edit'] }))
      .nothing();
  });
  it('T400: permissions replace the set, none at all or in another order as well', () => {
    given(world)
      .when(update({ permissions: [] }))
      .then(replaced());
    given(world, replaced('a', 'b'))
      .when(update({ permissions: ['b', 'a'] }))
      .then(replaced('b', 'a'));
  });
  it('X56 X78: permissions that are new to the role must be held by who gives them', () => {
    const held = [...world, ...managerMax, inRole('bob', 'r')];
    given(held)
      .when(update({ permissions: ['klip.edit', 'tab.edit'] }, as('max')))
      .rejects('permission_escalation');
    given(held)
      .when(update({ permissions: ['user.manage', 'klip.edit'] }, as('max')))
      .then(replaced('user.manage', 'klip.edit'));
  });
  it('X56: also for a role that nobody has yet, and for one of the own', () => {
    given(world, managerMax)
      .when(update({ permissions: ['tab.edit'] }, as('max')))
      .rejects('permission_escalation');
    given(company, managerMax)
      .when(update({ permissions: ['user.manage', 'tab.edit'] }, as('max'), 'managers'))
      .rejects('permission_escalation');
  });
  it('X56: what the role gave is taken from its holders at once', () =>
    given(world, role('m', 'user.manage'), inRole('bob', 'm'), {
      type: 'RolePermissionsReplaced',
      data: { role_id: 'm', permissions: ['klip.edit'] },
    })
      .when(update({ name: 'New' }, as('bob')))
      .rejects('access_denied'));
  it.each(builtInRoles)('T401: refuses to change the built-in role $name, same facts or not', ({ id }) => {
    given(world)
      .when(update({ name: 'Mine' }, as('ann'), id))
      .rejects('built_in_role');
    given(world)
      .when(update({}, as('ann'), id))
      .rejects('built_in_role');
  });
  it('X75 T401: escalation comes before a built-in role', () =>
    given(world, managerMax)
      .when(update({ permissions: ['zebra.ride'] }, as('max'), adminRole.id))
      .rejects('permission_escalation'));
  it('T400: refuses an unknown role', () =>
    given(world)
      .when(update({ name: 'N' }, as('ann'), 'x'))
      .rejects('role_not_found'));
});

describe('RemoveRolePermissions', () => {
  const take = (role_id: string, permissions: string[], meta = as('ann')) =>
    new RemoveRolePermissions(ACME, { role_id, permissions }, meta);

  it('T402: takes those that are named and keeps the others in their order', () =>
    given(company, role('r', 'a', 'b', 'c'))
      .when(take('r', ['c', 'x', 'a']))
      .then({ type: 'RolePermissionsReplaced', data: { role_id: 'r', permissions: ['b'] } }));
  it('T402: what the role does not have changes nothing', () =>
    given(world)
      .when(take('r', ['Klip.edit']))
      .nothing());
  it('T402 X78: taking is no grant', () =>
    given(world, managerMax)
      .when(take('r', ['klip.edit'], as('max')))
      .then({ type: 'RolePermissionsReplaced', data: { role_id: 'r', permissions: [] } }));
  it('T401 T402: refuses a built-in role and an unknown one', () => {
    given(world)
      .when(take(adminRole.id, ['*']))
      .rejects('built_in_role');
    given(world)
      .when(take('x', ['*']))
      .rejects('role_not_found');
  });
});

describe('DeleteRole', () => {
  const drop = (role_id = 'r', meta = as('ann')) => new DeleteRole(ACME, { role_id }, meta);
  const dropped = { type: 'RoleDeleted', data: { role_id: 'r' } } as const;

  it('T400 X82: is one event, also for a role that users have', () =>
    given(world, inRole('bob', 'r'), inRole('ann', 'r')).when(drop()).then(dropped));
  it('T400: ends every assignment, and what was held through the role only', () => {
    const held = [...world, role('m', 'user.manage'), inRole('bob', 'm'), permitted('bob', 'klip.edit')];
    const gone = { type: 'RoleDeleted', data: { role_id: 'm' } } as const;
    given(held).when(add('ann', 'r')).then(inRole('ann', 'r'));
    given(held, gone)
      .when(new AddUserToRole(ACME, { user_id: 'ann', role_id: 'r' }, as('bob')))
      .rejects('access_denied');
    given(held, gone, role('m', 'tab.edit')).when(add('bob', 'm')).then(inRole('bob', 'm'));
  });
  it('T400: the role is unknown from then on', () => {
    given(world, dropped).when(drop()).rejects('role_not_found');
    given(world, dropped).when(add()).rejects('role_not_found');
    given(world, inRole('bob', 'r'), dropped).when(remove()).rejects('role_not_found');
  });
  it('X78: taking a strong role from everybody is no grant', () =>
    given(world, managerMax)
      .when(drop('r', as('max')))
      .then(dropped));
  it.each(builtInRoles)('T401: refuses the built-in role $name', ({ id }) =>
    given(world).when(drop(id)).rejects('built_in_role'),
  );
});

describe('AddUserToRole', () => {
  it('T150: gives the user the role', () => given(world).when(add()).then(inRole('bob', 'r')));
  it('T159: gives a second role beside the first', () =>
    given(world, inRole('bob', 'r'), role('r2')).when(add('bob', 'r2')).then(inRole('bob', 'r2')));
  it.each(builtInRoles)('gives the built-in role $name', ({ id }) =>
    given(world).when(add('bob', id)).then(inRole('bob', id)),
  );
  it('T155 X13: refuses a role the user has already', () =>
    given(world, inRole('bob', 'r')).when(add()).rejects('user_already_has_role'));
  it('X94: a role the user has already, of a caller who could not give it, is no escalation', () =>
    given(world, managerMax, role('strong', 'klip.edit'), inRole('bob', 'strong'))
      .when(new AddUserToRole(ACME, { role_id: 'strong', user_id: 'bob' }, as('max')))
      .rejects('user_already_has_role'));
  it('T156: refuses an unknown user', () => given(world).when(add('eve')).rejects('user_not_found'));
  it('T156: refuses a deleted user', () => given(world, deleted).when(add()).rejects('user_not_found'));
  it('T157: refuses an unknown role', () => given(world).when(add('bob', 'x')).rejects('role_not_found'));
  it('T157: names the role first when both are unknown, in the order of the path', () =>
    given(world).when(add('eve', 'x')).rejects('role_not_found'));
});

describe('RemoveUserFromRole', () => {
  it('T160: takes the role away', () =>
    given(world, inRole('bob', 'r')).when(remove()).then(removed('bob', 'r')));
  it('T167 T170: takes the last role of the user and the last holder of the role', () =>
    given(company, user('bob'), role('r'), inRole('bob', 'r')).when(remove()).then(removed('bob', 'r')));
  it('T163: refuses a role the user does not have', () =>
    given(world).when(remove()).rejects('user_does_not_have_role'));
  it('T163: refuses to take a role twice', () =>
    given(world, inRole('bob', 'r'), removed('bob', 'r')).when(remove()).rejects('user_does_not_have_role'));
  it('T168: refuses an unknown user', () => given(world).when(remove('eve')).rejects('user_not_found'));
  it('T168: refuses an unknown role', () => given(world).when(remove('bob', 'x')).rejects('role_not_found'));
});

describe('the admin role', () => {
  const admin = adminRole.id;
  const twoAdmins = [...world, inRole('bob', admin)];

  it('T164 X7: the last admin cannot lose the role', () =>
    given(world).when(remove('ann', admin)).rejects('admin_role_requires_user'));
  it('T164: not even by another user or by the service', () => {
    given(world, managerMax)
      .when(remove('ann', admin, as('max')))
      .rejects('admin_role_requires_user');
    given(world)
      .when(remove('ann', admin, system))
      .rejects('admin_role_requires_user');
  });
  it('T165: of two admins the first removal succeeds and the second is refused', () => {
    given(twoAdmins).when(remove('ann', admin)).then(removed('ann', admin));
    given(twoAdmins, removed('ann', admin))
      .when(remove('bob', admin, as('bob')))
      .rejects('admin_role_requires_user');
  });
  it('T164: an admin who was deleted does not count', () =>
    given(twoAdmins, deleted).when(remove('ann', admin)).rejects('admin_role_requires_user'));
  it('T164 X75: "does not have the role" comes before "the role needs a user"', () =>
    given(world).when(remove('bob', admin)).rejects('user_does_not_have_role'));
  it('T167: the last admin may lose another role', () =>
    given(world, inRole('ann', 'r')).when(remove('ann', 'r')).then(removed('ann', 'r')));
  it('T167: another role named Admin needs no user', () =>
    given(
      company,
      { type: 'RoleCreated', data: { role_id: 'fake', name: 'Admin', description: '', permissions: ['*'] } },
      inRole('ann', 'fake'),
    )
      .when(remove('ann', 'fake'))
      .then(removed('ann', 'fake')));
  it('T166: counts inside a client account as well', () =>
    given(client(), user('cem'), inRole('cem', admin))
      .when(remove('cem', admin, as('cem')))
      .rejects('admin_role_requires_user'));
});
