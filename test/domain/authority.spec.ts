import { describe, expect, it } from '@jest/globals';
import { OpenClient, OpenCompany, UpdateAccount } from '../../src/domain/account.js';
import { type Authority, authorityOf, type Command, decide } from '../../src/domain/decide.js';
import {
  AddGroupDefaultTabs,
  AddUserToGroup,
  CreateGroup,
  DeleteGroup,
  RemoveUserFromGroup,
  UpdateGroup,
} from '../../src/domain/group.js';
import type { CommandMeta } from '../../src/domain/message.js';
import { Rejection } from '../../src/domain/rejection.js';
import {
  AddUserToRole,
  CreateRole,
  DeleteRole,
  RemoveRolePermissions,
  RemoveUserFromRole,
  UpdateRole,
} from '../../src/domain/role.js';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../src/domain/tab-instances.js';
import { LockUser, RecordSignIn, UnlockUser } from '../../src/domain/sign-in.js';
import {
  CreateUser,
  DeleteUser,
  IssueApiKey,
  ReplaceUserPermissions,
  RevokeApiKey,
  UpdateUser,
} from '../../src/domain/user.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import {
  ACME,
  ALL_USERS,
  as,
  attempt,
  client,
  company,
  operator,
  permitted,
  stateOf,
  system,
  user,
} from '../support/domain.js';

type Sample = (meta: CommandMeta, account: string) => Command;

const id = { user_id: 'nobody', group_id: 'none', role_id: 'none', key_id: 'none' };
const name = { name: 'N', description: '', external_id: null };
const person = { ...id, first_name: 'F', last_name: 'L', email: 'f@x.example', external_id: null };
const hashes = { password_hash: null, key_hash: 'h', key_name: 'k' };
const site = { ...name, parent_id: ACME, status: 'active', seats: -1, custom_theme: null } as const;
const all_users_group_id = ALL_USERS;

/** One command of every type with the permission it asks for; null: not for users at all, or only for the one it is about. */
const samples: { readonly [Type in Command['type']]: readonly [string | null, Sample] } = {
  OpenCompany: [
    null,
    (meta, to) => new OpenCompany(to, { ...name, all_users_group_id, admin: { ...person, ...hashes } }, meta),
  ],
  OpenClient: ['client.build', (meta, to) => new OpenClient(to, { ...site, all_users_group_id }, meta)],
  UpdateAccount: ['account.settings', (meta, to) => new UpdateAccount(to, { name: 'N' }, meta)],
  CreateUser: [
    'user.manage',
    (meta, to) => new CreateUser(to, { ...person, password_hash: null, roles: [] }, meta),
  ],
  UpdateUser: ['user.manage', (meta, to) => new UpdateUser(to, id, meta)],
  DeleteUser: ['user.manage', (meta, to) => new DeleteUser(to, id, meta)],
  ReplaceUserPermissions: [
    'user.manage',
    (meta, to) => new ReplaceUserPermissions(to, { ...id, permissions: [] }, meta),
  ],
  IssueApiKey: ['user.manage', (meta, to) => new IssueApiKey(to, { ...id, name: 'k', key_hash: 'h' }, meta)],
  RevokeApiKey: ['user.manage', (meta, to) => new RevokeApiKey(to, id, meta)],
  SetUserProperties: [
    'user.manage',
    (meta, to) => new SetUserProperties(to, { ...id, properties: {} }, meta),
  ],
  DeleteUserProperty: [
    'user.manage',
    (meta, to) => new DeleteUserProperty(to, { ...id, name: 'none' }, meta),
  ],
  AddUserTabInstances: [
    'user.manage',
    (meta, to) => new AddUserTabInstances(to, { ...id, instances: [] }, meta),
  ],
  RemoveUserTabInstance: [
    'user.manage',
    (meta, to) => new RemoveUserTabInstance(to, { ...id, tab_instance_id: 'none' }, meta),
  ],
  RecordSignIn: [null, (meta, to) => new RecordSignIn(to, { ...id, sign_ins: 0 }, meta)],
  LockUser: [null, (meta, to) => new LockUser(to, { ...id, until: '1', now: '0' }, meta)],
  UnlockUser: ['user.manage', (meta, to) => new UnlockUser(to, { ...id, now: '0' }, meta)],
  CreateGroup: ['user.manage', (meta, to) => new CreateGroup(to, { ...id, ...name, permissions: [] }, meta)],
  UpdateGroup: ['user.manage', (meta, to) => new UpdateGroup(to, id, meta)],
  DeleteGroup: ['user.manage', (meta, to) => new DeleteGroup(to, id, meta)],
  AddUserToGroup: ['user.manage', (meta, to) => new AddUserToGroup(to, id, meta)],
  RemoveUserFromGroup: ['user.manage', (meta, to) => new RemoveUserFromGroup(to, id, meta)],
  AddGroupDefaultTabs: [
    'user.manage',
    (meta, to) => new AddGroupDefaultTabs(to, { ...id, tab_ids: ['t'] }, meta),
  ],
  CreateRole: ['user.manage', (meta, to) => new CreateRole(to, { ...id, ...name, permissions: [] }, meta)],
  UpdateRole: ['user.manage', (meta, to) => new UpdateRole(to, id, meta)],
  RemoveRolePermissions: [
    'user.manage',
    (meta, to) => new RemoveRolePermissions(to, { ...id, permissions: ['a'] }, meta),
  ],
  DeleteRole: ['user.manage', (meta, to) => new DeleteRole(to, id, meta)],
  AddUserToRole: ['user.manage', (meta, to) => new AddUserToRole(to, id, meta)],
  RemoveUserFromRole: ['user.manage', (meta, to) => new RemoveUserFromRole(to, id, meta)],
};
const rows = Object.entries(samples).map(([type, [permission, sample]]) => ({ type, permission, sample }));

const bob = as('bob');
const acme = (...permissions: string[]) => stateOf(company, user('bob'), permitted('bob', ...permissions));
const globex = stateOf(client());
const holding = (...permissions: string[]): Authority => authorityOf(acme(...permissions), 'bob');
const isDenied = (command: Command, state = globex, authority?: Authority) => {
  const decision = attempt(command, state, authority);
  return decision instanceof Rejection && decision.code === 'access_denied';
};

describe('in the own account', () => {
  it.each(rows)('T011 T219 T233: $type is denied without $permission', ({ permission, sample }) => {
    const others = ['user.view', 'user.manage', 'account.settings', 'client.build', '*'];
    const state = acme(...others.filter((other) => other !== permission));
    expect(isDenied(sample(bob, ACME), state)).toBe(true);
  });
  it.each(rows.filter(({ permission }) => permission !== null))(
    'X9: $type asks for nothing but $permission',
    ({ permission, sample, type }) => {
      const account = type === 'OpenClient' ? 'globex' : ACME;
      const state = type === 'OpenClient' ? stateOf() : acme(String(permission));
      expect(isDenied(sample(bob, account), state, holding(String(permission)))).toBe(false);
    },
  );
  it.each(rows)('$type is open to the operator and to the service itself', ({ sample }) => {
    expect(isDenied(sample(operator, ACME), acme())).toBe(false);
    expect(isDenied(sample(system, ACME), acme())).toBe(false);
  });
  it('a user who was deleted may do nothing', () => {
    const state = stateOf(company, user('bob'), permitted('bob', 'user.manage'), {
      type: 'UserDeleted',
      data: { user_id: 'bob' },
    });
    expect(isDenied(samples.CreateGroup[1](bob, ACME), state)).toBe(true);
  });
});

describe('X55: in a client account of the own company', () => {
  const rename = samples.UpdateAccount[1](bob, 'globex');
  const create = samples.CreateUser[1](bob, 'globex');

  it('client.access and the permission of the command suffice', () =>
    expect(isDenied(rename, globex, holding('client.access', 'account.settings'))).toBe(false));
  it('so does user.manage instead of client.access', () => {
    expect(isDenied(rename, globex, holding('user.manage', 'account.settings'))).toBe(false);
    expect(isDenied(create, globex, holding('user.manage'))).toBe(false);
  });
  it('client.access alone, or the permission of the command alone, does not', () => {
    expect(isDenied(create, globex, holding('client.access'))).toBe(true);
    expect(isDenied(rename, globex, holding('account.settings'))).toBe(true);
  });
  it('an admin of the company may do everything', () =>
    expect(
      decide(samples.CreateUser[1](as('ann'), 'globex'), globex, authorityOf(acme(), 'ann')),
    ).toHaveLength(1));
});

describe('T012 T154: in an account of another company', () => {
  const ann = authorityOf(acme(), 'ann');

  it.each(rows)('$type is denied to an admin', ({ type, sample }) => {
    const foreign = stateOf(client(-1, 'umbrella'));
    const command = sample(as('ann', type === 'OpenClient' ? 'umbrella' : ACME), 'globex');
    expect(isDenied(command, foreign, ann)).toBe(true);
  });
  it('nobody reaches another company as if it were a client', () =>
    expect(isDenied(samples.CreateGroup[1](as('ann'), 'umbrella'), stateOf(company), ann)).toBe(true));
  it('nobody reaches an account that was never opened', () =>
    expect(isDenied(samples.CreateGroup[1](as('ann'), 'nowhere'), stateOf(), ann)).toBe(true));
  it('a user of a client does not reach its company', () => {
    const cem = authorityOf(stateOf(client(), user('cem'), permitted('cem', 'user.manage')), 'cem');
    expect(isDenied(samples.CreateGroup[1](as('cem', 'globex'), ACME), acme(), cem)).toBe(true);
  });
});

describe('OpenClient', () => {
  const open = (account = ACME) => samples.OpenClient[1](as('bob', account), 'initech');

  it('T408: is for a company that opens a client of its own', () =>
    expect(attempt(open(), stateOf(), holding('client.build'))).toMatchObject([{ type: 'ClientOpened' }]));
  it('is denied to a client account: clients have no clients', () => {
    const cem = stateOf(client(), user('bob'), permitted('bob', 'client.build'));
    expect(isDenied(open(), stateOf(), authorityOf(cem, 'bob'))).toBe(true);
  });
  it('is denied for a client of another company', () =>
    expect(isDenied(open('umbrella'), stateOf(), holding('client.build'))).toBe(true));
});
