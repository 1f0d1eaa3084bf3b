import { describe, it } from '@jest/globals';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { AddUserToRole, CreateRole, RemoveUserFromRole } from '../../src/domain/role.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  inRole,
  managerMax,
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

describe('AddUserToRole', () => {
  it('T150: gives the user the role', () => given(world).when(add()).then(inRole('bob', 'r')));
  it('T159: gives a second role beside the first', () =>
    given(world, inRole('bob', 'r'), role('r2')).when(add('bob', 'r2')).then(inRole('bob', 'r2')));
  it.each(builtInRoles)('gives the built-in role $name', ({ id }) =>
    given(world).when(add('bob', id)).then(inRole('bob', id)),
  );
  it('T155 X13: refuses a role the user has already', () =>
    given(world, inRole('bob', 'r')).when(add()).rejects('user_already_has_role'));
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
