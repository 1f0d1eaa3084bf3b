import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { company, role, user } from '../support/domain.js';
import { builders, entry, jane } from './told.js';

const restoredJane = (more: object = {}): DomainEvent => ({
  type: 'UserRestored',
  data: {
    ...{ user_id: 'jane', first_name: 'Jane', last_name: 'Doe', email: 'jane@acme.example' },
    ...{ external_id: null, permissions: [], roles: ['r'], properties: {}, tab_instances: [] },
    memberships: [{ group_id: 'builders', can_edit: true }],
    ...more,
  },
});
const history = [
  [...company, jane, builders, role('r', 'klip.edit')],
  { type: 'UserDeleted', data: { user_id: 'jane' } } as const,
];

describe('The entry of a restored user', () => {
  const told = entry(restoredJane(), history);

  it('says so in a sentence, and is about everything that came back', () => {
    expect(told).toMatchObject({ summary: 'ann Doe restored the user Jane Doe', category: 'create' });
    expect(told.subjects.map(({ type, id, name }) => [type, id, name])).toEqual([
      ['user', 'jane', 'Jane Doe'],
      ['group', 'builders', 'Builders'],
      ['role', 'r', 'r'],
    ]);
  });

  it('lists what is there again on both sides, with null before', () => {
    expect(
      told.changes.map(({ field, before, after, of }) => [told.subjects[of ?? -1]?.id, field, before, after]),
    ).toEqual([
      ['jane', 'first_name', null, 'Jane'],
      ['jane', 'last_name', null, 'Doe'],
      ['jane', 'email', null, 'jane@acme.example'],
      ['jane', 'groups', null, { id: 'builders', name: 'Builders', can_edit: true }],
      ['builders', 'users', null, { id: 'jane', name: 'Jane Doe', can_edit: true }],
      ['jane', 'roles', null, { id: 'r', name: 'r' }],
      ['r', 'users', null, { id: 'jane', name: 'Jane Doe' }],
    ]);
  });

  it('is privileged when the user holds again what only Admins hold', () => {
    expect(told.privileged).toBe(false);
    expect(entry(restoredJane({ roles: [adminRole.id] }), history).privileged).toBe(true);
    expect(entry(restoredJane({ permissions: ['user.manage'] }), history).privileged).toBe(true);
  });
});

it('The entries of a restored group and role name their users', () => {
  const group = {
    ...{ group_id: 'g', name: 'Gee', description: '', external_id: null, permissions: ['user.manage'] },
    ...{ memberships: [{ user_id: 'eve', can_edit: false }], default_tabs: ['t'] },
    share_rights: [{ client_id: 'c', can_manage: true }],
  };
  const there = [...company, user('eve')];
  const ofGroup = entry({ type: 'GroupRestored', data: group }, there);
  expect(ofGroup).toMatchObject({ summary: 'ann Doe restored the group Gee', privileged: true });
  expect(ofGroup.subjects.map(({ type, id }) => [type, id])).toEqual([
    ...[
      ['group', 'g'],
      ['user', 'eve'],
      ['client', 'c'],
    ],
  ]);
  expect(ofGroup.changes.filter(({ field }) => field === 'share_rights')).toEqual([
    { field: 'share_rights', before: null, after: { id: 'c', name: '', can_manage: true }, of: 0 },
    { field: 'share_rights', before: null, after: { id: 'g', name: 'Gee', can_manage: true }, of: 2 },
  ]);
  const data = { role_id: 'r', name: 'Are', description: '', permissions: ['klip.edit'], users: ['eve'] };
  const ofRole = entry({ type: 'RoleRestored', data }, there);
  expect(ofRole).toMatchObject({ summary: 'ann Doe restored the role Are', privileged: false });
  expect(ofRole.subjects.map(({ id }) => id)).toEqual(['r', 'eve']);
});
