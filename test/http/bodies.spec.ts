import { describe, expect, test } from '@jest/globals';
import { type CommandMeta, noCredential } from '../../src/domain/command.js';
import { Validation } from '../../src/http/door/validation.js';
import { CreateClientBody, UpdateClientBody } from '../../src/http/wire/clients.js';
import { AddDefaultTabsBody } from '../../src/http/wire/default-tabs.js';
import type { Draft } from '../../src/http/wire/draft.js';
import {
  CreateGroupBody,
  CreateUserGroupBody,
  UpdateGroupBody,
  UpdateUserGroupBody,
} from '../../src/http/wire/groups.js';
import { MemberBody, MembershipBody } from '../../src/http/wire/memberships.js';
import { RemoveRolePermissionsBody } from '../../src/http/wire/role-permissions.js';
import { CreateRoleBody, UpdateRoleBody } from '../../src/http/wire/roles.js';
import { CreateUserBody, UpdateUserBody } from '../../src/http/wire/users.js';

const meta: CommandMeta = {
  commandId: 'c',
  requestId: 'r',
  via: 'v1',
  actor: { kind: 'system' },
  credential: noCredential,
};
const validation = new Validation();

/** A body as a route gets it. */
function read<Body extends object>(type: new () => Body, fields: object): Body {
  return validation.transform(fields, { type: 'query', metatype: type }) as Body;
}

/** What a command says of its account. */
const dataOf = <Data>(draft: Draft<{ readonly data: Data }>): Data => draft('a', meta).data;

const ids = { group_id: 'g', role_id: 'r', user_id: 'u', parent_id: 'p', all_users_group_id: 'all' };

/** The bodies of changes. */
type Update = new () => { toCommand(given: typeof ids): Draft<{ readonly data: object }> };

const nothings = [{}, { description: null, external_id: null }, { description: '', external_id: '' }];

describe('What a body does not say of something new is none', () => {
  test.each(nothings)('X36: of a group, by either of its forms: %j', (fields) => {
    const said = { name: 'Sales', permissions: [], ...fields };
    const data = { group_id: 'g', name: 'Sales', description: '', external_id: null, permissions: [] };
    expect(dataOf(read(CreateGroupBody, said).toCommand(ids))).toEqual(data);
    expect(dataOf(read(CreateUserGroupBody, said).toCommand(ids))).toEqual(data);
  });

  test.each(nothings)('of a client: %j', (fields) => {
    const client = read(CreateClientBody, { name: 'Acme', ...fields }).toCommand(ids);
    expect(dataOf(client)).toMatchObject({ description: '', external_id: null, custom_theme: null });
    expect(dataOf(client)).toMatchObject({ status: 'active', seats: -1 });
  });

  test.each([{}, { description: null, permissions: null }])('of a role: %j', (fields) => {
    const role = read(CreateRoleBody, { name: 'Clerk', ...fields }).toCommand(ids);
    expect(dataOf(role)).toEqual({ role_id: 'r', name: 'Clerk', description: '', permissions: [] });
  });

  test.each([{}, { external_id: null, password: null }, { external_id: '' }])('of a user: %j', (fields) => {
    const names = { first_name: 'Jane', last_name: 'Doe', email: 'jane@example.com', roles: ['r'] };
    const draft = read(CreateUserBody, { ...names, ...fields }).toCommand({ ...ids, password_hash: null });
    expect(dataOf(draft)).toMatchObject({ ...names, external_id: null, password_hash: null });
  });
});

describe('What a body does not say of something that is there stays', () => {
  test('X36: and null or an empty text clears it', () => {
    const identified: Update[] = [UpdateGroupBody, UpdateUserGroupBody, UpdateUserBody, UpdateClientBody];
    for (const type of identified) {
      const change = (fields: object) => dataOf(read(type, fields).toCommand(ids));
      expect(change({})).toMatchObject({ external_id: undefined });
      for (const external_id of [null, ''])
        expect(change({ external_id })).toMatchObject({ external_id: null });
    }
    const described: Update[] = [UpdateGroupBody, UpdateUserGroupBody, UpdateRoleBody, UpdateClientBody];
    for (const type of described) {
      const change = (fields: object) => dataOf(read(type, fields).toCommand(ids));
      expect(change({})).toMatchObject({ description: undefined });
      for (const description of [null, ''])
        expect(change({ description })).toMatchObject({ description: '' });
    }
  });
});

describe('A body that lacks what another field or the query could say', () => {
  test('is refused before anything is asked of its account', () => {
    expect(() => read(AddDefaultTabsBody, {}).toCommand(ids)).toThrow('tab_ids must be a list');
    expect(() => read(RemoveRolePermissionsBody, {}).toCommand(ids)).toThrow('at least one permission');
  });

  test('takes it from there, and the query wins', () => {
    expect(dataOf(read(AddDefaultTabsBody, { tab_ids: ['a'], tab_id: 'b' }).toCommand(ids)).tab_ids).toEqual([
      ...['a', 'b'],
    ]);
    const removed = read(RemoveRolePermissionsBody, { permissions: ['a'] }).toCommand({
      ...ids,
      name: ['b'],
    });
    expect(dataOf(removed).permissions).toEqual(['a', 'b']);
    const member = read(MembershipBody, { can_edit: true }).toCommand({ ...ids, can_edit: 'false' });
    expect(dataOf(member).can_edit).toBe(false);
    expect(dataOf(read(MemberBody, { can_edit: true }).toCommand(ids)).can_edit).toBe(true);
  });
});

test.each([
  [CreateGroupBody, { name: ' ' }],
  [CreateUserGroupBody, { name: 'Sales', permissions: ['*'] }],
  [CreateRoleBody, { name: 'Clerk', permissions: 'all' }],
  [CreateUserBody, { first_name: 1 }],
  [CreateClientBody, { name: 'Acme', seats: -2 }],
])('%p is checked by the fields of its class, wherever that stands', (type, fields) => {
  expect(() => read<object>(type, fields)).toThrow(/ must be /);
});
