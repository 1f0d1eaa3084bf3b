import { describe, expect, it } from '@jest/globals';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { authorityOf } from '../../src/domain/authority.js';
import { holdingsOf } from '../../src/domain/holdings.js';
import { covers, holds, newlyGiven, permissionCatalogue, sameList } from '../../src/domain/permissions.js';
import {
  client,
  company,
  group,
  inGroup,
  inRole,
  permitted,
  role,
  stateOf,
  user,
} from '../support/domain.js';

describe('what a user holds', () => {
  const bob = [
    ...company,
    user('bob'),
    ...[role('r1', 'klip.edit', 'tab.edit'), role('r2', 'tab.edit', 'user.view')],
    ...[group('g', { permissions: ['accounts.read', 'tab.edit'] }), permitted('bob', 'Accounts.Read')],
  ];

  it('1.6: is the union of roles, groups and individual permissions', () => {
    const state = stateOf(bob, inRole('bob', 'r1'), inRole('bob', 'r2'), inGroup('bob', 'g'));
    const union = ['klip.edit', 'tab.edit', 'user.view', 'accounts.read', 'Accounts.Read'];
    expect(holdingsOf(state, 'bob')).toEqual(new Set(union));
  });
  it('is only what was given to that user', () =>
    expect(holdingsOf(stateOf(bob), 'bob')).toEqual(new Set(['Accounts.Read'])));
  it('ends with a role, a membership, or permissions taken from a group', () => {
    const state = stateOf(
      [...bob, inRole('bob', 'r1'), inGroup('bob', 'g'), permitted('bob')],
      { type: 'UserRemovedFromRole', data: { user_id: 'bob', role_id: 'r1' } },
      { type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: ['accounts.read'] } },
    );
    expect(holdingsOf(state, 'bob')).toEqual(new Set(['accounts.read']));
  });
  it('X76: is everything for an admin', () =>
    expect(holdingsOf(stateOf(bob, inRole('bob', adminRole.id)), 'bob')).toBe('everything'));
  it('is nothing for somebody unknown', () => expect(holdingsOf(stateOf(bob), 'nobody')).toEqual(new Set()));
  it('comes with whether the account is a company', () => {
    expect(authorityOf(stateOf(company), 'ann')).toMatchObject({ holdings: 'everything', inCompany: true });
    const authority = authorityOf(stateOf(client(), user('c')), 'c');
    expect(authority).toMatchObject({ holdings: new Set(), inCompany: false, managesClient: false });
    expect(authorityOf(stateOf(), 'c').inCompany).toBe(false);
  });
});

describe('comparing permissions', () => {
  const some = new Set(['a', 'b']);

  it('everything holds and covers anything', () => {
    expect(holds('everything', 'x')).toBe(true);
    expect(covers('everything', ['x'])).toBe(true);
    expect(covers('everything', 'everything')).toBe(true);
  });
  it('a set holds its own permissions and no others', () => {
    expect(holds(some, 'a')).toBe(true);
    expect(holds(some, 'A')).toBe(false);
  });
  it('a set covers its subsets', () => {
    expect(covers(some, [])).toBe(true);
    expect(covers(some, new Set(['b', 'a']))).toBe(true);
    expect(covers(some, ['a', 'c'])).toBe(false);
  });
  it('no set covers everything, not even the whole catalogue', () =>
    expect(covers(new Set(['*', ...permissionCatalogue]), 'everything')).toBe(false));
  it('lists are the same in the same order only', () => {
    expect(sameList(['a', 'b'], ['a', 'b'])).toBe(true);
    expect(sameList(['a', 'b'], ['b', 'a'])).toBe(false);
    expect(sameList(['a'], ['a', 'b'])).toBe(false);
    expect(sameList([], [])).toBe(true);
  });
  it('newly given is what was not there before', () =>
    expect(newlyGiven(['a', 'b'], ['b', 'c', 'a', 'd'])).toEqual(['c', 'd']));
});

it('the catalogue names each permission once, in the form area.action', () => {
  expect(new Set(permissionCatalogue).size).toBe(permissionCatalogue.length);
  for (const name of permissionCatalogue) expect(name).toMatch(/^[a-z]+(\.[a-z_]+){1,2}$/);
});
