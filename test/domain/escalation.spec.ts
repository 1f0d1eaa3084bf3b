import { describe, it } from '@jest/globals';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { authorityOf } from '../../src/domain/authority.js';
import { AddUserToGroup } from '../../src/domain/membership.js';
import { CreateGroup, UpdateGroup } from '../../src/domain/group.js';
import { AddUserToRole } from '../../src/domain/assignment.js';
import { CreateRole } from '../../src/domain/role.js';
import { CreateUser, ReplaceUserPermissions } from '../../src/domain/user.js';
import {
  ACME,
  ALL_USERS,
  as,
  client,
  company,
  given,
  group,
  inGroup,
  inRole,
  managerMax,
  permitted,
  role,
  shared,
  stateOf,
  user,
} from '../support/domain.js';

const max = as('max');
const world = [
  ...company,
  ...managerMax,
  user('bob'),
  role('strong', 'klip.edit'),
  role('weak', 'user.manage'),
];
const acme = given(world, group('g', { permissions: ['klip.edit', 'user.manage'] }), group('plain'));

describe('X56: nobody grants what they do not hold', () => {
  const names = { name: 'N', description: '', external_id: null };

  it('by assigning a role', () => {
    acme
      .when(new AddUserToRole(ACME, { user_id: 'bob', role_id: 'strong' }, max))
      .rejects('permission_escalation');
    acme.when(new AddUserToRole(ACME, { user_id: 'bob', role_id: 'weak' }, max)).then(inRole('bob', 'weak'));
  });
  it.each(builtInRoles)('by assigning the built-in role $name, to themselves or another', ({ id }) => {
    acme.when(new AddUserToRole(ACME, { user_id: 'max', role_id: id }, max)).rejects('permission_escalation');
    acme.when(new AddUserToRole(ACME, { user_id: 'bob', role_id: id }, max)).rejects('permission_escalation');
  });
  it('by creating a user with a role', () => {
    const eve = {
      user_id: 'eve',
      first_name: 'E',
      last_name: 'E',
      email: 'ann@acme.example',
      external_id: null,
    };
    const create = (...roles: string[]) => new CreateUser(ACME, { ...eve, password_hash: null, roles }, max);
    acme.when(create('weak', 'strong')).rejects('permission_escalation');
    acme.when(create(adminRole.id)).rejects('permission_escalation');
    acme.when(create('weak')).rejects('email_in_use');
  });
  it('by creating a role', () => {
    const create = (...permissions: string[]) =>
      new CreateRole(ACME, { role_id: 'r', ...names, permissions }, max);
    acme.when(create('user.manage', 'klip.edit')).rejects('permission_escalation');
    acme.when(create('tab.build')).rejects('permission_escalation');
    acme.when(create('user.manage')).then({
      type: 'RoleCreated',
      data: { role_id: 'r', name: 'N', description: '', permissions: ['user.manage'] },
    });
  });
  it('by creating a group', () => {
    const create = (...permissions: string[]) =>
      new CreateGroup(ACME, { group_id: 'x', ...names, permissions }, max);
    acme.when(create('klip.edit')).rejects('permission_escalation');
    acme.when(create('user.manage')).then(group('x', { name: 'N', permissions: ['user.manage'] }));
  });
  it('by adding a user to a group that carries more', () => {
    acme
      .when(new AddUserToGroup(ACME, { user_id: 'bob', group_id: 'g' }, max))
      .rejects('permission_escalation');
    acme
      .when(new AddUserToGroup(ACME, { user_id: 'bob', group_id: 'plain' }, max))
      .then(inGroup('bob', 'plain'));
  });
  it('by giving a group more permissions', () => {
    acme
      .when(new UpdateGroup(ACME, { group_id: 'plain', name: 'P', permissions: ['klip.edit'] }, max))
      .rejects('permission_escalation');
    acme.when(new UpdateGroup(ACME, { group_id: 'plain', permissions: ['user.manage'] }, max)).then({
      type: 'GroupPermissionsReplaced',
      data: { group_id: 'plain', permissions: ['user.manage'] },
    });
  });
  it('by giving a user individual permissions', () => {
    const replace = (...permissions: string[]) =>
      new ReplaceUserPermissions(ACME, { user_id: 'bob', permissions }, max);
    acme.when(replace('user.manage', 'klip.edit')).rejects('permission_escalation');
    acme.when(replace('User.Manage')).rejects('permission_escalation');
    acme.when(replace('user.manage')).then(permitted('bob', 'user.manage'));
  });
  it('in a client account, where what counts is held in the own company', () => {
    const sharing = stateOf(world, shared('globex', ALL_USERS, true));
    const holder = authorityOf(sharing, 'max', 'globex');
    const globex = [client(), user('cem'), group('g', { permissions: ['klip.edit'] }), group('plain')];
    const add = (group_id: string) => new AddUserToGroup('globex', { user_id: 'cem', group_id }, max);
    given(globex).when(add('g'), holder).rejects('permission_escalation');
    given(globex).when(add('plain'), holder).then(inGroup('cem', 'plain'));
  });
});
