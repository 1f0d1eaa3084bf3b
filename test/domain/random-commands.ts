import fc from 'fast-check';
import { UpdateAccount } from '../../src/domain/account.js';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import { builtInRoles } from '../../src/domain/built-in-roles.js';
import { DeleteClientProperty, SetClientProperties } from '../../src/domain/client-properties.js';
import { ShareClient, UnshareClient } from '../../src/domain/client-shares.js';
import { AddGroupDefaultTabs } from '../../src/domain/default-tabs.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../src/domain/group.js';
import { RestoreGroup } from '../../src/domain/group-restoration.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { AddUserToRole, RemoveUserFromRole } from '../../src/domain/assignment.js';
import { CreateRole, DeleteRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import { RestoreUserProperty } from '../../src/domain/property-restoration.js';
import { RestoreRole } from '../../src/domain/role-restoration.js';
import { RestoreUser } from '../../src/domain/user-restoration.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../src/domain/tab-instances.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import { LockUser, RecordSignIn, UnlockUser } from '../../src/domain/sign-in.js';
import { CreateUser, ReplaceUserPermissions, UpdateUser } from '../../src/domain/user.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
import { IssueApiKey, RevokeApiKey } from '../../src/domain/api-key.js';
import {
  ACME,
  ALL_USERS,
  as,
  group,
  inGroup,
  inRole,
  keyOf,
  mailRequested,
  locked,
  property,
  role,
  system,
  tabs,
  user,
  valued,
} from '../support/domain.js';
import { mailing } from './random-mails.js';
import { ofWebhooks } from './random-webhook-commands.js';

/** Users, groups and roles that every run starts with: Max manages users, Bob does not. */
export const cast = [
  ...['ann', 'max', 'bob'].map((id) => user(id, { email: `${id}@x.example` })),
  ...[group('plain'), group('strong', { permissions: ['klip.edit', 'user.manage'] })],
  ...[role('managers', 'user.manage', 'account.settings'), role('builders', 'klip.edit')],
  ...[inRole('max', 'managers'), inGroup('bob', 'plain'), keyOf('bob', 'first')],
  ...[property('team'), valued('bob', { team: 'one' }), tabs('bob', ['first-tab', 'home'])],
  ...[mailRequested('bob', 'bob-invitation'), mailRequested('max', 'max-welcome', 'welcome')],
  locked('bob', '2026-01-31T12:00:00.000Z'),
];

/** Makes a command; `count` says how often an event happened so far, which makes ids as fresh as real ones. */
export type Draft = (count: (type: DomainEvent['type']) => number) => Command;

export const among = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const user_id = among('ann', 'max', 'bob', 'bob', 'u0', 'u1');
const group_id = among(ALL_USERS, 'plain', 'plain', 'strong', 'g0');
const role_id = among(...builtInRoles.map(({ id }) => id), 'managers', 'builders', 'r0');
const key_id = among('first', 'k0');
const email = among(
  'ann@x.example',
  'A@x.example',
  'a@x.example',
  'B@x.example',
  'b@X.example',
  'c@x.example',
);
export const external_id = among(null, 'e1', 'e2', 'e3');
export const text = among('one', 'two');
const permission = among('user.manage', 'user.manage', 'account.settings', 'klip.edit', 'Klip.edit', '*');
const permissions = fc.uniqueArray(permission, { maxLength: 3 });
const tab_ids = fc.array(among('t1', 't2', 'T1'), { minLength: 1, maxLength: 3 });
export const property_name = among('team', 'floor', '__proto__');
const properties = fc
  .uniqueArray(fc.tuple(property_name, among('', 'one', 'two')), { maxLength: 3, selector: ([name]) => name })
  .map((entries): Record<string, string> => Object.fromEntries(entries));
const client_id = among('globex', 'globex', 'initech');
const shares = fc.uniqueArray(fc.record({ group_id, can_manage: maybe(fc.boolean()) }), {
  ...{ maxLength: 3, selector: ({ group_id: id }: { readonly group_id: string }) => id },
});
const contacts = fc.record(
  { super_admin: user_id, technical_contact: user_id, business_contact: user_id },
  { requiredKeys: [] },
);
const sender = among('ann', 'ann', 'max', 'max', 'bob', 'u0');
const meta = fc.oneof(
  fc.constant(system),
  sender.map((id) => as(id)),
);

export function draft<D>(
  data: fc.Arbitrary<D>,
  make: (data: D, meta: CommandMeta, ...count: Parameters<Draft>) => Command,
): fc.Arbitrary<Draft> {
  return fc.tuple(data, meta).map(
    ([value, by]) =>
      (count) =>
        make(value, by, count),
  );
}

const member = fc.record({ user_id, group_id });
const holder = fc.record({ user_id, role_id });
const names = { first_name: text, last_name: text };
const groupFacts = { name: text, description: text, external_id, permissions };
const changeable = { name: maybe(text), description: maybe(text), external_id: maybe(external_id) };

const createUser = draft(
  fc.record({
    ...names,
    email,
    external_id,
    password_hash: among(null, 'h'),
    roles: fc.array(role_id, { maxLength: 2 }),
    isWelcomed: fc.boolean(),
  }),
  ({ isWelcomed, ...data }, by, count) => {
    const id = `u${count('UserCreated')}`;
    return new CreateUser(
      ACME,
      { user_id: id, ...data, mail_id: isWelcomed ? `${id}-welcome` : undefined },
      by,
    );
  },
);
const createGroup = draft(
  fc.record(groupFacts),
  (data, by, count) => new CreateGroup(ACME, { group_id: `g${count('GroupCreated')}`, ...data }, by),
);
const createRole = draft(
  fc.record({ name: text, description: text, permissions }),
  (data, by, count) => new CreateRole(ACME, { role_id: `r${count('RoleCreated')}`, ...data }, by),
);

const updateUser = draft(
  fc.record({
    user_id,
    first_name: maybe(text),
    last_name: maybe(text),
    email: maybe(email),
    external_id: maybe(external_id),
  }),
  (data, by) => new UpdateUser(ACME, data, by),
);

const others = [
  draft(fc.record({ user_id }), (data, by) => new DeleteUser(ACME, data, by)),
  draft(fc.record({ user_id, permissions }), (data, by) => new ReplaceUserPermissions(ACME, data, by)),
  draft(
    user_id,
    (id, by, count) =>
      new IssueApiKey(
        ACME,
        { user_id: id, key_id: `k${count('ApiKeyIssued')}`, name: 'n', key_hash: 'h' },
        by,
      ),
  ),
  draft(fc.record({ user_id, key_id }), (data, by) => new RevokeApiKey(ACME, data, by)),
  draft(fc.record({ user_id, properties }), (data, by) => new SetUserProperties(ACME, data, by)),
  draft(fc.record({ user_id, properties }), (data, by) => new SetUserProperties(ACME, data, by)),
  draft(fc.record({ user_id, name: property_name }), (data, by) => new DeleteUserProperty(ACME, data, by)),
  draft(
    fc.record({ user_id, tab_ids: fc.array(among('home', 'sales', 'constructor'), { maxLength: 3 }) }),
    ({ user_id: id, tab_ids }, by, count) => {
      const made = count('UserTabInstancesAdded');
      const instances = tab_ids.map((tab_id, n) => ({ tab_instance_id: `t${made}-${n}`, tab_id }));
      return new AddUserTabInstances(ACME, { user_id: id, instances }, by);
    },
  ),
  draft(
    fc.record({ user_id, tab_instance_id: among('first-tab', 't0-0', 't0-1', 't1-0') }),
    (data, by) => new RemoveUserTabInstance(ACME, data, by),
  ),
  draft(
    fc.record({ group_id, ...changeable, permissions: maybe(permissions) }),
    (data, by) => new UpdateGroup(ACME, data, by),
  ),
  draft(fc.record({ group_id, tab_ids }), (data, by) => new AddGroupDefaultTabs(ACME, data, by)),
  draft(fc.record({ group_id }), (data, by) => new DeleteGroup(ACME, data, by)),
  draft(
    fc.record({ role_id, name: maybe(text), description: maybe(text), permissions: maybe(permissions) }),
    (data, by) => new UpdateRole(ACME, data, by),
  ),
  draft(fc.record({ role_id, permissions }), (data, by) => new RemoveRolePermissions(ACME, data, by)),
  draft(fc.record({ role_id }), (data, by) => new DeleteRole(ACME, data, by)),
  draft(fc.record({ name: maybe(text), contacts }), (data, by) => new UpdateAccount(ACME, data, by)),
];
export const hour = among('10', '11', '12').map((hours) => `2026-01-31T${hours}:00:00.000Z`);
const signingIn = [
  fc.record({ user_id, sign_ins: fc.nat({ max: 2 }) }).map(
    (data): Draft =>
      () =>
        new RecordSignIn(ACME, data, as(data.user_id)),
  ),
  draft(fc.record({ user_id, sign_ins: fc.nat({ max: 1 }) }), (data, by) => new RecordSignIn(ACME, data, by)),
  draft(fc.record({ user_id, until: hour, now: hour }), (data, by) => new LockUser(ACME, data, by)),
  draft(fc.record({ user_id, now: hour }), (data, by) => new UnlockUser(ACME, data, by)),
];
const ofClients = [
  draft(fc.record({ client_id, properties }), (data, by) => new SetClientProperties(ACME, data, by)),
  draft(
    fc.record({ client_id, name: property_name }),
    (data, by) => new DeleteClientProperty(ACME, data, by),
  ),
];
const restoring = [
  draft(fc.record({ user_id, whole: fc.boolean() }), (data, by) => new RestoreUser(ACME, data, by)),
  draft(fc.record({ group_id, whole: fc.boolean() }), (data, by) => new RestoreGroup(ACME, data, by)),
  draft(fc.record({ role_id }), (data, by) => new RestoreRole(ACME, data, by)),
  draft(fc.record({ name: property_name }), (data, by) => new RestoreUserProperty(ACME, data, by)),
  draft(
    fc.record({ role_id: among('managers', 'builders', 'r0') }),
    (data, by) => new DeleteRole(ACME, data, by),
  ),
];
const relating = [
  draft(fc.record({ client_id, shares }), (data, by) => new ShareClient(ACME, data, by)),
  draft(fc.record({ client_id, group_id }), (data, by) => new UnshareClient(ACME, data, by)),
  draft(member, (data, by) => new RemoveUserFromGroup(ACME, data, by)),
  draft(holder, (data, by) => new RemoveUserFromRole(ACME, data, by)),
  draft(
    fc.tuple(member, maybe(fc.boolean())),
    ([pair, can_edit], by) => new AddUserToGroup(ACME, { ...pair, can_edit }, by),
  ),
  draft(holder, (data, by) => new AddUserToRole(ACME, data, by)),
];

/** Commands that every account knows. */
export const usual = [
  { arbitrary: createUser, weight: 3 },
  { arbitrary: updateUser, weight: 3 },
  { arbitrary: createGroup, weight: 1 },
  { arbitrary: createRole, weight: 1 },
  ...relating.map((arbitrary) => ({ arbitrary, weight: 4 })),
  ...signingIn.map((arbitrary) => ({ arbitrary, weight: 3 })),
  ...restoring.map((arbitrary) => ({ arbitrary, weight: 4 })),
  ...ofClients.map((arbitrary) => ({ arbitrary, weight: 3 })),
  ...mailing(meta).map((arbitrary) => ({ arbitrary, weight: 3 })),
  ...ofWebhooks(meta).map((arbitrary) => ({ arbitrary, weight: 2 })),
  ...others.map((arbitrary) => ({ arbitrary, weight: 2 })),
];
const command = fc.oneof(...usual);

/** One command, and what becomes of everything since the last commit. */
export interface Step {
  readonly draft: Draft;
  readonly ending: 'nothing' | 'commit' | 'rollback';
}

/** Commands of every type on one account, sent by the service, by Ann or by any user. */
export const steps: fc.Arbitrary<Step[]> = stepsOf(command);

/** Steps of any commands. */
export function stepsOf(draft: fc.Arbitrary<Draft>): fc.Arbitrary<Step[]> {
  const ending = among<Step['ending']>('nothing', 'nothing', 'commit', 'commit', 'rollback');
  return fc.array(fc.record({ draft, ending }), { minLength: 1, maxLength: 50, size: 'max' });
}
