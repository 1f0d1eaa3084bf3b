import { describe, expect, it } from '@jest/globals';
import { evolve } from '../../src/domain/account-state.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { decide, stateAfter } from '../../src/domain/decide.js';
import { unlimited } from '../../src/domain/authority.js';
import type { GroupRestored, UserRestored } from '../../src/domain/followed-events.js';
import { RestoreGroup } from '../../src/domain/group-restoration.js';
import { RestoreRole } from '../../src/domain/role-restoration.js';
import { RestoreUser } from '../../src/domain/user-restoration.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  group,
  inGroup,
  inRole,
  keyOf,
  locked,
  managerMax,
  permitted,
  property,
  recorded,
  role,
  shared,
  signedIn,
  stateOf,
  system,
  tabs,
  user,
  valued,
} from '../support/domain.js';
import { dump } from './dump.js';

const restore = (user_id: string, meta = as('ann'), whole?: boolean) =>
  new RestoreUser(ACME, { user_id, whole }, meta);
const restoreGroup = (group_id: string, meta = as('ann'), whole?: boolean) =>
  new RestoreGroup(ACME, { group_id, whole }, meta);
const restoreRole = (role_id: string, meta = as('ann')) => new RestoreRole(ACME, { role_id }, meta);
const userDeleted = (user_id: string): DomainEvent => ({ type: 'UserDeleted', data: { user_id } });
const groupDeleted = (group_id: string): DomainEvent => ({ type: 'GroupDeleted', data: { group_id } });
const roleDeleted = (role_id: string): DomainEvent => ({ type: 'RoleDeleted', data: { role_id } });

const bob = [
  user('bob', { external_id: 'hr-1' }),
  [group('g', { permissions: ['klip.edit'] }), group('h'), role('r', 'tab.edit')],
  [inGroup('bob', 'g', true), inGroup('bob', 'h'), inRole('bob', 'r'), permitted('bob', 'tab.view')],
  [property('team'), valued('bob', { team: 'one' }), tabs('bob', ['i1', 'home'])],
].flat();

const restoredBob = (more: Partial<UserRestored['data']> = {}): UserRestored => ({
  type: 'UserRestored',
  data: {
    ...{ user_id: 'bob', first_name: 'bob', last_name: 'Doe', email: 'bob@acme.example' },
    ...{ external_id: 'hr-1', permissions: ['tab.view'], roles: ['r'] },
    memberships: [
      { group_id: 'g', can_edit: true },
      { group_id: 'h', can_edit: false },
    ],
    ...{ properties: { team: 'one' }, tab_instances: [{ tab_instance_id: 'i1', tab_id: 'home' }] },
    ...more,
  },
});

describe('RestoreUser', () => {
  it('gives a deleted user back with all that it had, in one event', () =>
    given(company, bob, userDeleted('bob')).when(restore('bob')).then(restoredBob()));
  it('refuses a user that is there', () => given(company, bob).when(restore('bob')).rejects('not_deleted'));
  it('refuses a user that is there again', () =>
    given(company, bob, userDeleted('bob'), restoredBob()).when(restore('bob')).rejects('not_deleted'));
  it('refuses a user that never was', () => given(company).when(restore('bob')).rejects('user_not_found'));
  it('refuses when another user has the e-mail address by now, in whatever case', () =>
    given(company, bob, userDeleted('bob'), user('eve', { email: 'BOB@acme.example' }))
      .when(restore('bob'))
      .rejects('email_in_use'));
  it('refuses when another user has the external id by now', () =>
    given(company, bob, userDeleted('bob'), user('eve', { external_id: 'hr-1' }))
      .when(restore('bob'))
      .rejects('external_id_in_use'));
  it('refuses in a client account without a free seat', () =>
    given(client(1), user('cem'), userDeleted('cem'), user('dan'))
      .when(restore('cem', system))
      .rejects('seat_limit'));
  it('gives back in a client account', () =>
    given(client(1), bob, userDeleted('bob')).when(restore('bob', system)).then(restoredBob()));
  it('leaves out groups, roles and properties that are gone', () =>
    given(company, bob, userDeleted('bob'), groupDeleted('h'), roleDeleted('r'), {
      type: 'UserPropertyDeleted',
      data: { name: 'team' },
    })
      .when(restore('bob'))
      .then(restoredBob({ memberships: [{ group_id: 'g', can_edit: true }], roles: [], properties: {} })));
  it('X56: leaves out what the actor does not hold', () =>
    given(company, managerMax, bob, inRole('bob', adminRole.id), userDeleted('bob'))
      .when(restore('bob', as('max')))
      .then(restoredBob({ permissions: [], roles: [], memberships: [{ group_id: 'h', can_edit: false }] })));
  it('X92: leaves out a group that opens a client which the actor does not reach', () =>
    given(company, managerMax, bob, permitted('max', 'klip.edit', 'tab.edit', 'tab.view'), [
      shared('globex', 'h'),
      userDeleted('bob'),
    ])
      .when(restore('bob', as('max')))
      .then(restoredBob({ memberships: [{ group_id: 'g', can_edit: true }] })));
  it('X92: also of a deleted Admin, who reached every client', () =>
    given(company, managerMax, bob, permitted('max', 'klip.edit', 'tab.edit', 'tab.view'), [
      inRole('bob', adminRole.id),
      shared('globex', 'h'),
      userDeleted('bob'),
    ])
      .when(restore('bob', as('max')))
      .then(restoredBob({ memberships: [{ group_id: 'g', can_edit: true }] })));
  it('a whole one is refused with the first thing that cannot come back', () => {
    given(company, bob, userDeleted('bob'), groupDeleted('h'))
      .when(restore('bob', as('ann'), true))
      .rejects('group_not_found');
    given(company, managerMax, bob, userDeleted('bob'))
      .when(restore('bob', as('max'), true))
      .rejects('permission_escalation');
    given(company, bob, userDeleted('bob'))
      .when(restore('bob', as('ann'), true))
      .then(restoredBob());
  });
  it('says what has not come back, and why', () => {
    const state = stateOf(company, managerMax, bob, userDeleted('bob'), groupDeleted('h'));
    const command = restore('bob', as('max'));
    const held = { ...unlimited, holdings: new Set(['user.manage', 'tab.view']) };
    for (const event of decide(command, state, held, { clientsWithExternalId: () => [], clientsOf: () => 0 }))
      evolve(state, recorded(event));
    expect(stateAfter(command, state).not_restored).toMatchObject([
      { what: 'group', id: 'g', code: 'permission_escalation' },
      { what: 'group', id: 'h', code: 'group_not_found' },
      { what: 'role', id: 'r', code: 'permission_escalation' },
    ]);
  });
});

const sales = [
  ...[user('bob'), user('eve'), group('g', { permissions: ['klip.edit'], external_id: 'x' })],
  ...[inGroup('bob', 'g', true), inGroup('eve', 'g'), shared('globex', 'g', true)],
  { type: 'GroupDefaultTabsAdded', data: { group_id: 'g', tab_ids: ['b', 'a'] } } as const,
];
const restoredGroup = (more: Partial<GroupRestored['data']> = {}): GroupRestored => ({
  type: 'GroupRestored',
  data: {
    ...{ group_id: 'g', name: 'g', description: '', external_id: 'x', permissions: ['klip.edit'] },
    memberships: [
      { user_id: 'bob', can_edit: true },
      { user_id: 'eve', can_edit: false },
    ],
    ...{ default_tabs: ['b', 'a'], share_rights: [{ client_id: 'globex', can_manage: true }] },
    ...more,
  },
});

describe('RestoreGroup', () => {
  it('gives a deleted group back with all that it had, in one event', () =>
    given(company, sales, groupDeleted('g')).when(restoreGroup('g')).then(restoredGroup()));
  it('refuses a group that is there, and one that never was', () => {
    given(company, sales).when(restoreGroup('g')).rejects('not_deleted');
    given(company, sales).when(restoreGroup('h')).rejects('group_not_found');
  });
  it('refuses when another group has the external id by now', () =>
    given(company, sales, groupDeleted('g'), group('h', { external_id: 'x' }))
      .when(restoreGroup('g'))
      .rejects('external_id_in_use'));
  it('leaves out members that are gone', () =>
    given(company, sales, groupDeleted('g'), userDeleted('eve'))
      .when(restoreGroup('g'))
      .then(restoredGroup({ memberships: [{ user_id: 'bob', can_edit: true }] })));
  it('X56, X92: leaves out permissions and share rights that the actor cannot give', () =>
    given(company, managerMax, sales, groupDeleted('g'))
      .when(restoreGroup('g', as('max')))
      .then(restoredGroup({ permissions: [], share_rights: [] })));
  it('X92: leaves out a member who would hold more in an opened client than the actor holds', () =>
    given(
      company,
      [...managerMax, permitted('max', 'client.share', 'klip.edit'), group('own'), inGroup('max', 'own')],
      [shared('globex', 'own', true), ...sales, permitted('bob', 'client.access', 'tab.edit')],
      groupDeleted('g'),
    )
      .when(restoreGroup('g', as('max')))
      .then(restoredGroup({ memberships: [{ user_id: 'eve', can_edit: false }] })));
  it('a whole one is refused with the first thing that cannot come back', () =>
    given(company, sales, groupDeleted('g'), userDeleted('eve'))
      .when(restoreGroup('g', as('ann'), true))
      .rejects('user_not_found'));
});

describe('RestoreRole', () => {
  const builders = [user('bob'), role('r', 'klip.edit'), inRole('bob', 'r')];

  it('gives a deleted role back to its holders', () =>
    given(company, builders, roleDeleted('r'))
      .when(restoreRole('r'))
      .then({
        type: 'RoleRestored',
        data: { role_id: 'r', name: 'r', description: '', permissions: ['klip.edit'], users: ['bob'] },
      }));
  it('refuses one that is there, one that never was, and one whose holder is gone', () => {
    given(company, builders).when(restoreRole('r')).rejects('not_deleted');
    given(company, builders).when(restoreRole('s')).rejects('role_not_found');
    given(company, builders, roleDeleted('r'), userDeleted('bob'))
      .when(restoreRole('r'))
      .rejects('user_not_found');
  });
  it('X56: refuses a role that gives what the actor does not hold', () =>
    given(company, managerMax, builders, roleDeleted('r'))
      .when(restoreRole('r', as('max')))
      .rejects('permission_escalation'));
});

describe('What was restored whole is as it was', () => {
  const before = stateOf(company, bob, sales.slice(1), [
    signedIn('bob'),
    locked('bob', '2026-01-31T12:00:00.000Z'),
  ]);
  const was = (state: typeof before) => {
    const { formerUsers, formerGroups, formerRoles, lastHoldings } = state;
    for (const former of [formerUsers, formerGroups, formerRoles, lastHoldings])
      for (const id of [...former.keys()]) former.delete(id);
    return dump(state);
  };

  it.each([
    ['user', userDeleted('bob'), restore('bob', system, true)],
    ['group', groupDeleted('g'), restoreGroup('g', system, true)],
    ['role', roleDeleted('r'), restoreRole('r', system)],
  ] as const)('a %s', (_, deletion, command) => {
    const state = stateOf(company, bob, sales.slice(1), [
      signedIn('bob'),
      locked('bob', '2026-01-31T12:00:00.000Z'),
      deletion,
    ]);
    for (const event of decide(command, state, unlimited, {
      clientsWithExternalId: () => [],
      clientsOf: () => 0,
    }))
      evolve(state, recorded(event));
    expect(was(state)).toBe(was(before));
  });

  it('but its keys stay dead', () => {
    const state = stateOf(company, bob, keyOf('bob', 'k'), userDeleted('bob'), restoredBob());
    expect(state.apiKeys.has('bob')).toBe(false);
  });
});
