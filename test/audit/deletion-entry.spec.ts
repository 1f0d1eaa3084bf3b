import { expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { company, inGroup, inRole, keyOf, role } from '../support/domain.js';
import { builders, entry, type History, jane } from './told.js';

it.each<[string, DomainEvent, History, readonly (readonly unknown[])[]]>([
  [
    'a deleted group: its default tabs, and its share rights on both sides',
    { type: 'GroupDeleted', data: { group_id: 'builders' } },
    [
      ...[company, builders],
      { type: 'GroupDefaultTabsAdded', data: { group_id: 'builders', tab_ids: ['sales'] } },
      { type: 'ClientShared', data: { client_id: 'c', group_id: 'builders', can_manage: true } },
    ],
    [
      ['builders', 'name', 'Builders', null],
      ['builders', 'permissions', ['klip.build'], null],
      ['builders', 'default_tabs', ['sales'], null],
      ['builders', 'share_rights', { id: 'c', name: '', can_manage: true }, null],
      ['c', 'share_rights', { id: 'builders', name: 'Builders', can_manage: true }, null],
    ],
  ],
  [
    'a deleted user: the properties and tab instances that ended',
    { type: 'UserDeleted', data: { user_id: 'jane' } },
    [
      ...[company, jane],
      { type: 'UserPropertyAdded', data: { name: 'colour' } },
      { type: 'UserPropertiesSet', data: { user_id: 'jane', properties: { colour: 'red' } } },
      {
        type: 'UserTabInstancesAdded',
        data: { user_id: 'jane', instances: [{ tab_instance_id: 'i', tab_id: 't' }] },
      },
    ],
    [
      ['jane', 'first_name', 'Jane', null],
      ['jane', 'last_name', 'Doe', null],
      ['jane', 'email', 'jane@acme.example', null],
      ['jane', 'properties', { colour: 'red' }, null],
      ['jane', 'tab_instances', [{ tab_instance_id: 'i', tab_id: 't' }], null],
    ],
  ],
  [
    'a deleted user: the keys that died with it',
    { type: 'UserDeleted', data: { user_id: 'jane' } },
    [company, jane, keyOf('jane', 'k1'), keyOf('jane', 'k2'), keyOf('ann', 'k3')],
    [
      ['jane', 'first_name', 'Jane', null],
      ['jane', 'last_name', 'Doe', null],
      ['jane', 'email', 'jane@acme.example', null],
      ['jane', 'keys', { id: 'k1', name: null }, null],
      ['jane', 'keys', { id: 'k2', name: null }, null],
    ],
  ],
  [
    'an ended assignment, on both sides',
    { type: 'UserRemovedFromRole', data: { user_id: 'jane', role_id: 'r' } },
    [company, jane, role('r'), inRole('jane', 'r')],
    [
      ['jane', 'roles', { id: 'r', name: 'r' }, null],
      ['r', 'users', { id: 'jane', name: 'Jane Doe' }, null],
    ],
  ],
  [
    'a deleted user: what the user was, and every pair that ended',
    { type: 'UserDeleted', data: { user_id: 'jane' } },
    [company, jane, builders, inGroup('jane', 'builders', true), role('r'), inRole('jane', 'r')],
    [
      ['jane', 'first_name', 'Jane', null],
      ['jane', 'last_name', 'Doe', null],
      ['jane', 'email', 'jane@acme.example', null],
      ['jane', 'groups', { id: 'builders', name: 'Builders', can_edit: true }, null],
      ['builders', 'users', { id: 'jane', name: 'Jane Doe', can_edit: true }, null],
      ['jane', 'roles', { id: 'r', name: 'r' }, null],
      ['r', 'users', { id: 'jane', name: 'Jane Doe' }, null],
    ],
  ],
])('The entry of what ends tells of %s', (_, event, history, expected) => {
  const { changes, subjects } = entry(event, history);
  expect(
    changes.map(({ field, before, after, of }) => [subjects[of ?? -1]?.id, field, before, after]),
  ).toEqual(expected);
});
