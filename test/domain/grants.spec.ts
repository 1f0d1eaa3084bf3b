import { describe, it } from '@jest/globals';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { CreateGroup, UpdateGroup } from '../../src/domain/group.js';
import { AddUserToRole, RemoveUserFromRole } from '../../src/domain/assignment.js';
import { CreateUser, ReplaceUserPermissions } from '../../src/domain/user.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
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
  system,
  user,
} from '../support/domain.js';

const max = as('max');
const world = [...company, ...managerMax, user('bob'), role('strong', 'klip.edit')];
const withGroup = given(world, group('g', { permissions: ['klip.edit', 'user.manage'] }));

describe('X78: only what is newly given is a grant', () => {
  it('keeping and dropping permissions of a user or a group is none', () => {
    given(world, permitted('bob', 'klip.edit', 'tab.edit'))
      .when(new ReplaceUserPermissions(ACME, { user_id: 'bob', permissions: ['klip.edit'] }, max))
      .then(permitted('bob', 'klip.edit'));
    withGroup.when(new UpdateGroup(ACME, { group_id: 'g', permissions: ['klip.edit'] }, max)).then({
      type: 'GroupPermissionsReplaced',
      data: { group_id: 'g', permissions: ['klip.edit'] },
    });
  });
  it('changing or repeating a membership is none', () => {
    const g = [...world, group('g', { permissions: ['klip.edit'] }), inGroup('bob', 'g')];
    given(g)
      .when(new AddUserToGroup(ACME, { user_id: 'bob', group_id: 'g', can_edit: true }, max))
      .then({ type: 'MembershipChanged', data: { user_id: 'bob', group_id: 'g', can_edit: true } });
    given(g)
      .when(new AddUserToGroup(ACME, { user_id: 'bob', group_id: 'g' }, max))
      .nothing();
  });
  it('repeating a role is none: the user has it already', () =>
    given(world, inRole('bob', 'strong'))
      .when(new AddUserToRole(ACME, { user_id: 'bob', role_id: 'strong' }, max))
      .rejects('user_already_has_role'));
  it('taking away is none, from a stronger user either', () => {
    const strong = [
      ...world,
      group('g', { permissions: ['a'] }),
      inRole('bob', 'strong'),
      inGroup('bob', 'g'),
    ];
    const pair = { user_id: 'bob', role_id: 'strong', group_id: 'g' };
    given(strong)
      .when(new RemoveUserFromRole(ACME, pair, max))
      .then({ type: 'UserRemovedFromRole', data: { user_id: 'bob', role_id: 'strong' } });
    given(strong)
      .when(new RemoveUserFromGroup(ACME, pair, max))
      .then({ type: 'UserRemovedFromGroup', data: { user_id: 'bob', group_id: 'g' } });
    given(strong)
      .when(new DeleteUser(ACME, pair, max))
      .then({ type: 'UserDeleted', data: { user_id: 'bob' } });
  });
});

describe('X75: escalation comes before the state rules', () => {
  const facts = { first_name: 'E', last_name: 'E', email: 'ann@acme.example', external_id: null };

  it('before the seats and the address in use', () =>
    given(client(1), user('ann'), managerMax)
      .when(new CreateUser(ACME, { user_id: 'e', ...facts, password_hash: null, roles: [adminRole.id] }, max))
      .rejects('permission_escalation'));
  it('before the seats, but after a role that does not exist', () =>
    given(client(1), user('ann'), managerMax)
      .when(
        new CreateUser(
          ACME,
          { user_id: 'e', ...facts, password_hash: null, roles: [adminRole.id, 'x'] },
          max,
        ),
      )
      .rejects('invalid_role'));
  it('before the external id in use and before a built-in group', () => {
    const g = { name: 'N', description: '', external_id: 'crm-1', permissions: ['klip.edit'] };
    given(world, group('other', { external_id: 'crm-1' }))
      .when(new CreateGroup(ACME, { group_id: 'g', ...g }, max))
      .rejects('permission_escalation');
    given(world)
      .when(new UpdateGroup(ACME, { group_id: ALL_USERS, permissions: ['klip.edit'] }, max))
      .rejects('permission_escalation');
  });
});

describe('X76: nothing is escalation', () => {
  const replace = (meta = as('ann')) =>
    new ReplaceUserPermissions(
      ACME,
      { user_id: 'bob', permissions: ['accounts.read', 'never.heard.of'] },
      meta,
    );

  it('for an admin, with permissions outside the catalogue either', () =>
    given(world)
      .when(replace())
      .then(permitted('bob', 'accounts.read', 'never.heard.of')));
  it('for the service itself', () =>
    given(world)
      .when(replace(system))
      .then(permitted('bob', 'accounts.read', 'never.heard.of')));
  it('but a permission named * makes nobody an admin', () =>
    given(world, permitted('max', '*', 'user.manage'))
      .when(new AddUserToRole(ACME, { user_id: 'max', role_id: adminRole.id }, max))
      .rejects('permission_escalation'));
});
