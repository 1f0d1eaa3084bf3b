import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { company, group, inGroup, inRole } from '../support/domain.js';
import { builders, entry, type History, jane } from './told.js';

const keepers = group('keepers', { name: 'Keepers', permissions: ['user.manage'] });

describe('An entry is privileged', () => {
  const replaced = (permissions: string[]): DomainEvent => ({
    type: 'UserPermissionsReplaced',
    data: { user_id: 'jane', permissions },
  });
  const annAdmin = [company, jane, builders, keepers];

  it.each<[string, DomainEvent, History, boolean]>([
    ['the Admin role given', inRole('jane', adminRole.id), annAdmin, true],
    [
      'the Admin role taken',
      { type: 'UserRemovedFromRole', data: { user_id: 'ann', role_id: adminRole.id } },
      annAdmin,
      true,
    ],
    ['a group that manages users', inGroup('jane', 'keepers'), annAdmin, true],
    ['a group that builds', inGroup('jane', 'builders'), annAdmin, false],
    ['an individual set with audit.read', replaced(['audit.read']), annAdmin, true],
    ['an individual set that others hold as well', replaced(['klip.build']), annAdmin, false],
    [
      'a set that keeps what only Admins hold',
      replaced(['klip.edit', 'user.manage']),
      [...annAdmin, replaced(['user.manage'])],
      false,
    ],
    ['an Admin deleted', { type: 'UserDeleted', data: { user_id: 'ann' } }, annAdmin, true],
    ['anybody else deleted', { type: 'UserDeleted', data: { user_id: 'jane' } }, annAdmin, false],
    ['a group deleted that manages', { type: 'GroupDeleted', data: { group_id: 'keepers' } }, annAdmin, true],
    [
      'a contact',
      { type: 'ContactAssigned', data: { contact: 'super_admin', user_id: 'jane' } },
      annAdmin,
      true,
    ],
    ['a key of an Admin', { type: 'ApiKeyRevoked', data: { user_id: 'ann', key_id: 'k' } }, annAdmin, true],
    [
      'a key of somebody else',
      { type: 'ApiKeyRevoked', data: { user_id: 'jane', key_id: 'k' } },
      annAdmin,
      false,
    ],
    ['a new name', { type: 'AccountRenamed', data: { name: 'B' } }, annAdmin, false],
  ])('for %s: %#', (_, event, history, privileged) =>
    expect(entry(event, history).privileged).toBe(privileged),
  );
});
