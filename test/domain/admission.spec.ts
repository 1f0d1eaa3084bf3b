import { describe, expect, it, test } from '@jest/globals';
import { OpenCompany, UpdateAccount } from '../../src/domain/account.js';
import { emptyAccountState } from '../../src/domain/account-state.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { SetClientProperties } from '../../src/domain/client-properties.js';
import { SetClientSettings, type SettingValue } from '../../src/domain/client-settings.js';
import { OpenClient, UpdateClient } from '../../src/domain/client.js';
import { unlimited } from '../../src/domain/authority.js';
import type { Command } from '../../src/domain/aggregates.js';
import { AddGroupDefaultTabs } from '../../src/domain/default-tabs.js';
import { CreateGroup, UpdateGroup } from '../../src/domain/group.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import { CreateRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import { AddUserTabInstances } from '../../src/domain/tab-instances.js';
import { SetUserProperties } from '../../src/domain/user-properties.js';
import { CreateUser, ReplaceUserPermissions, UpdateUser } from '../../src/domain/user.js';
import { IssueApiKey } from '../../src/domain/api-key.js';
import * as world from '../support/domain.js';
import { ACME, attempt, client, company, given, operator, stateOf, system } from '../support/domain.js';

const GHOST = '\u200b\u2060';
const SHY = 'jane@exam\u00adple.com';

const company_ = { name: 'Acme', all_users_group_id: 'all' };
const admin = {
  ...{ user_id: 'ann', first_name: 'Ann', last_name: 'Archer', email: 'ann@acme.example' },
  ...{ password_hash: null, key_id: 'k', key_name: 'First key', key_hash: 'sha256:00' },
};
const opened = { ...company_, parent_id: ACME, description: '', status: 'active', seats: -1 } as const;
const open = (facts: Partial<OpenClient['data']>) =>
  new OpenClient('globex', { ...opened, external_id: null, custom_theme: null, ...facts }, system);
const bob = { user_id: 'bob', first_name: 'Bob', last_name: 'Ray', email: 'bob@acme.example' };
const create = (facts: Partial<CreateUser['data']>) =>
  new CreateUser(ACME, { ...bob, external_id: null, password_hash: null, roles: [], ...facts }, system);
const update = (facts: Partial<UpdateUser['data']>) =>
  new UpdateUser(ACME, { user_id: 'eve', ...facts }, system);
const makeGroup = (facts: Partial<CreateGroup['data']>) => {
  const data = { group_id: 'g', name: 'G', description: '', external_id: null, permissions: [], ...facts };
  return new CreateGroup(ACME, data, system);
};
const changeGroup = (facts: Partial<UpdateGroup['data']>) =>
  new UpdateGroup(ACME, { group_id: 'old', ...facts }, system);
const makeRole = (facts: Partial<CreateRole['data']>) =>
  new CreateRole(ACME, { role_id: 'r', name: 'R', description: '', permissions: [], ...facts }, system);
const changeRole = (facts: Partial<UpdateRole['data']>) =>
  new UpdateRole(ACME, { role_id: 'worn', ...facts }, system);
const permit = (...permissions: string[]) =>
  new ReplaceUserPermissions(ACME, { user_id: 'eve', permissions }, system);
const setProperties = (properties: Record<string, string>) =>
  new SetUserProperties(ACME, { user_id: 'eve', properties }, system);

/** An account as an older log may have left it: nothing in it would be let in today. */
const old = [
  company,
  world.user('eve', { first_name: GHOST, last_name: 'a\u2028b', email: SHY, external_id: ' hr-7 ' }),
  world.group('old', { name: GHOST, description: 'a\u009bb', external_id: '\t', permissions: ['*', ' a '] }),
  world.role('worn', '*', ' a '),
  world.permitted('eve', '*', ' a '),
  world.property(GHOST),
  world.valued('eve', { [GHOST]: 'a\u009bb' }),
  world.clientProperty(GHOST),
  world.tabs('eve', ['i', GHOST]),
  { type: 'GroupDefaultTabsAdded', data: { group_id: 'old', tab_ids: [GHOST] } },
] as const;

const refused: readonly (readonly [string, Command, RejectionCode?])[] = [
  ['the name of a company', new OpenCompany(ACME, { ...company_, name: GHOST, admin }, operator)],
  [
    'the first name of its admin',
    new OpenCompany(ACME, { ...company_, admin: { ...admin, first_name: GHOST } }, operator),
  ],
  [
    'the last name of its admin',
    new OpenCompany(ACME, { ...company_, admin: { ...admin, last_name: GHOST } }, operator),
  ],
  [
    'the address of its admin',
    new OpenCompany(ACME, { ...company_, admin: { ...admin, email: SHY } }, operator),
    'invalid_email',
  ],
  ['the name of a client', open({ name: GHOST })],
  ['the theme of a client', open({ custom_theme: GHOST })],
  ['the description of a client', open({ description: 'a\u009bb' })],
  ['the external id of a client', open({ external_id: 'crm-1 ' })],
  ['the new name of an account', new UpdateAccount(ACME, { name: 'a\u2029b' }, system)],
  ['a first name', create({ first_name: GHOST })],
  ['a last name', create({ last_name: 'a\u202eb' })],
  ['an address', create({ email: SHY }), 'invalid_email'],
  ['an external id', create({ external_id: 'hr-17 ' })],
  ['an empty external id', create({ external_id: '' })],
  ['another first name', update({ first_name: `${GHOST}${GHOST}` })],
  ['another address', update({ email: 'jane@exam\u200bple.com' }), 'invalid_email'],
  ['another external id', update({ external_id: ' hr-7' })],
  ['the first name of nobody', new UpdateUser(ACME, { user_id: 'nobody', first_name: GHOST }, system)],
  [
    'the name of a key',
    new IssueApiKey(ACME, { user_id: 'eve', key_id: 'k', name: GHOST, key_hash: 'x' }, system),
  ],
  ['the name of a group', makeGroup({ name: GHOST })],
  ['the description of a group', makeGroup({ description: 'a\u0085b' })],
  ['the external id of a group', makeGroup({ external_id: ' ' })],
  ['another name of a group', changeGroup({ name: '\u3164' })],
  ['another description of a group', changeGroup({ description: '\0' })],
  ['another external id of a group', changeGroup({ external_id: '\t\t' })],
  ['the name of a role', makeRole({ name: GHOST })],
  ['the description of a role', makeRole({ description: 'x'.repeat(4001) })],
  ['another name of a role', changeRole({ name: GHOST })],
  ['X86: * in a role', makeRole({ permissions: ['a', '*'] })],
  ['X86: * in a changed role', changeRole({ permissions: ['*'] })],
  ['X86: * in a group', makeGroup({ permissions: ['*'] })],
  ['X86: * in a changed group', changeGroup({ permissions: ['*', 'a'] })],
  ['X86: * for a user', permit('*')],
  ['X86: a blank before a permission of a role', makeRole({ permissions: [' a'] })],
  ['X86: a blank behind a permission of a role', changeRole({ permissions: ['a\u00a0'] })],
  ['X86: a blank behind a permission of a user', permit('a', 'b ')],
  ['X86: something unseen before a permission of a user', permit('\u200bb')],
  ['the name of a property', setProperties({ '\u2800': 'x' })],
  ['the value of a property', setProperties({ [GHOST]: 'b\u009b' })],
  [
    'the name of a property of clients',
    new SetClientProperties(ACME, { client_id: 'c', properties: { '\u00ad': 'x' } }, system),
  ],
  [
    'a tab of a user',
    new AddUserTabInstances(
      ACME,
      { user_id: 'eve', instances: [{ tab_instance_id: 'j', tab_id: '\u00ad' }] },
      system,
    ),
  ],
  ['a tab of a group', new AddGroupDefaultTabs(ACME, { group_id: 'old', tab_ids: ['\u00ad'] }, system)],
];

describe('X83 X84 X85: a command that writes a text anew is refused for it, in whatever account', () => {
  test.each(refused)('%s', (_, command, code = 'bad_request') => {
    const state =
      command.type === 'OpenCompany' || command.type === 'OpenClient' ? emptyAccountState() : stateOf(...old);
    expect(attempt(command, state, unlimited)).toMatchObject({ code });
  });

  const inClient = (settings: Record<string, SettingValue | null>) =>
    given(client()).when(new SetClientSettings(ACME, { settings }, system), unlimited);
  it('a setting: its name, its text, and a number that JSON has not', () => {
    inClient({ [GHOST]: 1 }).rejects('bad_request');
    inClient({ a: 'b\u009b' }).rejects('bad_request');
    for (const value of [-0, NaN, Infinity]) inClient({ a: value }).rejects('bad_request');
    inClient({ [GHOST]: null }).nothing();
    inClient({ a: 0 }).then({ type: 'ClientSettingsSet', data: { settings: { a: 0 } } });
  });
  it('another external id of a client', () =>
    given(client(-1, { external_id: 'crm-1 ' }))
      .when(new UpdateClient(ACME, { external_id: ' crm-1' }, system), unlimited)
      .rejects('bad_request'));
});

describe('X83 X84 X85: what is there already, from an older log, stays', () => {
  test.each<readonly [string, Command]>([
    [
      'names, the address and the external id of a user',
      update({ first_name: GHOST, last_name: 'a\u2028b', email: SHY, external_id: ' hr-7 ' }),
    ],
    [
      'the facts of a group',
      changeGroup({ name: GHOST, description: 'a\u009bb', external_id: '\t', permissions: [' a '] }),
    ],
    ['the permissions of a role', changeRole({ permissions: [' a '] })],
    ['the permissions of a user', permit(' a ')],
    ['properties', setProperties({ [GHOST]: 'a\u009bb' })],
    [
      'tabs of a user',
      new AddUserTabInstances(
        ACME,
        { user_id: 'eve', instances: [{ tab_instance_id: 'j', tab_id: GHOST }] },
        system,
      ),
    ],
    ['tabs of a group', new AddGroupDefaultTabs(ACME, { group_id: 'old', tab_ids: [GHOST] }, system)],
  ])('%s, sent again as it is, changes nothing', (_, command) =>
    given(...old)
      .when(command)
      .nothing(),
  );

  it('beside what is changed', () => {
    given(...old)
      .when(update({ first_name: 'Eve', last_name: 'a\u2028b', email: SHY }))
      .then({ type: 'UserRenamed', data: { user_id: 'eve', first_name: 'Eve', last_name: 'a\u2028b' } });
    given(...old)
      .when(setProperties({ [GHOST]: 'new' }))
      .then({ type: 'UserPropertiesSet', data: { user_id: 'eve', properties: { [GHOST]: 'new' } } });
    given(client(-1, { name: GHOST, external_id: 'crm-1 ', custom_theme: GHOST, description: '\u009b' }))
      .when(
        new UpdateClient(
          ACME,
          { name: GHOST, external_id: 'crm-1 ', custom_theme: GHOST, description: '\u009b', seats: 7 },
          system,
        ),
        unlimited,
      )
      .then({ type: 'ClientSeatsChanged', data: { seats: 7 } });
  });
});

describe('X86: a * that an older log has granted', () => {
  it('T401: that of Admins may be sent again, and changes as little as anything else of a built-in role', () =>
    given(...old)
      .when(new UpdateRole(ACME, { role_id: adminRole.id, permissions: ['*'] }, system))
      .rejects('built_in_role'));

  const state = stateOf(...old);
  it('is no permission of a role, a group or a user, for it allows nothing', () =>
    expect([state.roles.get('worn'), state.groups.get('old'), state.users.get('eve')]).toEqual(
      [' a ', ' a ', ' a '].map(
        (permission) => expect.objectContaining({ permissions: [permission] }) as unknown,
      ),
    ));
  it('need not be taken away', () =>
    given(...old)
      .when(new RemoveRolePermissions(ACME, { role_id: 'worn', permissions: ['*'] }, system))
      .nothing());
  it('X45: a v2 group takes any other text', () =>
    given(company)
      .when(makeGroup({ permissions: [' ', ' a ', '**', 'user.*'] }))
      .then(world.group('g', { name: 'G', permissions: [' ', ' a ', '**', 'user.*'] })));
});
