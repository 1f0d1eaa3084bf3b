import { describe, expect, it } from '@jest/globals';
import { OpenClient } from '../../src/domain/client.js';
import { emptyAccountState } from '../../src/domain/account-state.js';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import { unlimited } from '../../src/domain/authority.js';
import { IssueApiKey } from '../../src/domain/api-key.js';
import { decide } from '../../src/domain/decide.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../src/domain/group.js';
import { RestoreGroup } from '../../src/domain/group-restoration.js';
import { defaultLimits, type Limits, limitsWith } from '../../src/domain/limits.js';
import { AddUserToGroup } from '../../src/domain/membership.js';
import { CreateRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import { CreateUser, ReplaceUserPermissions } from '../../src/domain/user.js';
import {
  ACME,
  client,
  company,
  given,
  group,
  inGroup,
  keyOf,
  operator,
  role,
  stateOf,
  user,
} from '../support/domain.js';

const names = (count: number, word = 'p') => Array.from({ length: count }, (_, index) => `${word}.${index}`);
const most = defaultLimits.permissions;
const facts = { description: '', external_id: null };

/** What becomes of a command under other limits than the default ones. */
function under(limits: Partial<Limits>, history: readonly DomainEvent[], command: Command, clients = 0) {
  const elsewhere = { clientsWithExternalId: () => [], clientsOf: () => clients };
  const state = history.length > 0 ? stateOf(history) : emptyAccountState();
  return () => decide(command, state, unlimited, elsewhere, limitsWith(limits));
}

describe('X87: a list of permissions', () => {
  const old = group('g', { permissions: names(most + 5) });
  const create = (permissions: readonly string[]) =>
    new CreateGroup(ACME, { group_id: 'g', name: 'g', ...facts, permissions }, operator);
  const update = (permissions: readonly string[]) =>
    new UpdateGroup(ACME, { group_id: 'g', permissions }, operator);

  it('T307: has 2,000 names', () =>
    given(company)
      .when(create(names(most)))
      .then(group('g', { permissions: names(most) })));

  const role_id = 'r';
  it.each<[string, Command]>([
    ['of a new group', create(names(most + 1))],
    ['of a group', update(names(most + 1))],
    [
      'of a new role',
      new CreateRole(ACME, { role_id, name: 'r', description: '', permissions: names(most + 1) }, operator),
    ],
    ['of a role', new UpdateRole(ACME, { role_id, permissions: names(most + 1) }, operator)],
    [
      'to be taken from a role',
      new RemoveRolePermissions(ACME, { role_id, permissions: names(most + 1) }, operator),
    ],
    [
      'of a user',
      new ReplaceUserPermissions(ACME, { user_id: 'ann', permissions: names(most + 1) }, operator),
    ],
  ])('has no more: %s', (_, command) => {
    const history = command instanceof CreateGroup ? company : [...company, group('g'), role(role_id)];
    given(history).when(command).rejects('too_many');
  });

  it('of an older log stays, and can be sent again and shrink', () => {
    given(company, old)
      .when(update(names(most + 5)))
      .nothing();
    given(company, old)
      .when(update(names(most + 4)))
      .then({ type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: names(most + 4) } });
    given(company, old)
      .when(update(names(most + 6)))
      .rejects('too_many');
  });

  it('has names of 255 characters, where they are new', () => {
    const [fitting, long] = ['x'.repeat(255), 'x'.repeat(256)];
    given(company)
      .when(create([fitting]))
      .then(group('g', { permissions: [fitting] }));
    given(company)
      .when(create([long]))
      .rejects('bad_request');
    given(company, group('g', { permissions: [long] }))
      .when(update([long, 'y']))
      .then({ type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: [long, 'y'] } });
  });
});

describe('X87: an account has no more than the operator allows', () => {
  const createUser = new CreateUser(
    ACME,
    {
      user_id: 'bob',
      first_name: 'Bob',
      last_name: 'Doe',
      email: 'b@x.example',
      external_id: null,
      password_hash: null,
      roles: [],
    },
    operator,
  );
  const createGroup = new CreateGroup(
    ACME,
    { group_id: 'h', name: 'h', ...facts, permissions: [] },
    operator,
  );
  const createRole = new CreateRole(
    ACME,
    { role_id: 'r', name: 'r', description: '', permissions: [] },
    operator,
  );
  const issue = new IssueApiKey(
    ACME,
    { user_id: 'ann', key_id: 'l', name: 'l', key_hash: 'sha256:1' },
    operator,
  );
  const join = new AddUserToGroup(ACME, { user_id: 'ann', group_id: 'h' }, operator);
  const deleted: DomainEvent = { type: 'GroupDeleted', data: { group_id: 'g' } };
  const open = new OpenClient(
    'globex',
    {
      parent_id: ACME,
      name: 'Globex',
      description: '',
      status: 'active',
      seats: -1,
      external_id: null,
      custom_theme: null,
      all_users_group_id: 'all',
    },
    operator,
  );

  it.each<[string, Partial<Limits>, readonly DomainEvent[], Command, number?]>([
    ['users', { users: 1 }, company, createUser],
    ['groups', { groups: 2 }, [...company, group('g')], createGroup],
    [
      'groups that come back',
      { groups: 2 },
      [...company, group('g'), deleted, group('h')],
      new RestoreGroup(ACME, { group_id: 'g' }, operator),
    ],
    ['roles', { roles: 3 }, company, createRole],
    ['keys of a user', { keys: 1 }, [...company, keyOf('ann', 'k')], issue],
    ['groups of a user', { memberships: 1 }, [...company, group('g'), group('h'), inGroup('ann', 'g')], join],
    ['clients', { clients: 7 }, [], open, 7],
  ])('%s', (_, limits, history, command, clients = 0) => {
    expect(under(limits, history, command, clients)).toThrow(
      expect.objectContaining({ code: 'quota_exceeded' }),
    );
    expect(under({}, history, command, clients)).not.toThrow();
  });

  it('of which an older log can have more: that shrinks', () => {
    const crowd = [...company, user('bob'), group('g'), group('h')];
    const remove = new DeleteGroup(ACME, { group_id: 'g' }, operator);
    expect(under({ groups: 1, users: 1 }, crowd, remove)()).toHaveLength(1);
  });

  it('says how many, and what can be done', () =>
    expect(under({ users: 1 }, company, createUser)).toThrow(
      'There can be at most 1 users in an account; the operator can raise the limit users',
    ));

  it('a client account has limits of its own', () =>
    expect(
      under({ users: 1 }, [client()], new CreateUser('globex', createUser.data, operator)),
    ).not.toThrow());
});
