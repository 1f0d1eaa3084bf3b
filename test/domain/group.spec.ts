import { describe, expect, it } from '@jest/globals';
import { holdingsOf } from '../../src/domain/holdings.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../src/domain/group.js';
import {
  ACME,
  ALL_USERS,
  as,
  company,
  given,
  group,
  inGroup,
  permitted,
  stateOf,
  user,
} from '../support/domain.js';

const facts = { group_id: 'g', name: 'Sales', description: 'They sell', external_id: 'crm-1' };
const sales = group('g', { ...facts, permissions: ['klip.edit', 'tab.edit'] });

describe('CreateGroup', () => {
  const create = (permissions: string[] = [], external_id: string | null = 'crm-1') =>
    new CreateGroup(ACME, { ...facts, external_id, permissions }, as('ann'));

  it('T070 T077 T307 T321: records name, description, external id and permissions in the order sent', () =>
    given(company)
      .when(create(['tab.edit', 'klip.edit', 'accounts.read', 'Accounts.Read']))
      .then({
        type: 'GroupCreated',
        data: { ...facts, permissions: ['tab.edit', 'klip.edit', 'accounts.read', 'Accounts.Read'] },
      }));
  it('T306: takes no permissions at all', () =>
    given(company)
      .when(create())
      .then({ type: 'GroupCreated', data: { ...facts, permissions: [] } }));
  it('T076: takes a name that another group has', () =>
    given(company, group('other', { name: 'Sales' }))
      .when(create())
      .then({ type: 'GroupCreated', data: { ...facts, permissions: [] } }));
  it('X70: refuses the external id of another group', () =>
    given(company, group('other', { external_id: 'crm-1' }))
      .when(create())
      .rejects('external_id_in_use'));
  it('X70: takes the external id of a user: they are keys of their own', () =>
    given(company, user('bob', { external_id: 'crm-1' }))
      .when(create())
      .then({ type: 'GroupCreated', data: { ...facts, permissions: [] } }));
  it('X70: lets any number of groups have no external id', () =>
    given(company, group('other'))
      .when(create([], null))
      .then({ type: 'GroupCreated', data: { ...facts, external_id: null, permissions: [] } }));
});

describe('UpdateGroup', () => {
  const update = (change: Omit<UpdateGroup['data'], 'group_id'>, group_id = 'g') =>
    new UpdateGroup(ACME, { group_id, ...change }, as('ann'));
  const withSales = given(company, sales);

  it('T081: changes only the name', () =>
    withSales
      .when(update({ name: 'Buyers' }))
      .then({ type: 'GroupRenamed', data: { group_id: 'g', name: 'Buyers' } }));
  it('T080: changes only the description', () =>
    withSales
      .when(update({ description: '' }))
      .then({ type: 'GroupDescriptionChanged', data: { group_id: 'g', description: '' } }));
  it('X16: clears the external id', () =>
    withSales
      .when(update({ external_id: null }))
      .then({ type: 'GroupExternalIdChanged', data: { group_id: 'g', external_id: null } }));
  it('T314: replaces the permissions as a whole, with none too', () =>
    withSales
      .when(update({ permissions: [] }))
      .then({ type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: [] } }));
  it('T321: records another order of permissions', () =>
    withSales.when(update({ permissions: ['tab.edit', 'klip.edit'] })).then({
      type: 'GroupPermissionsReplaced',
      data: { group_id: 'g', permissions: ['tab.edit', 'klip.edit'] },
    }));
  it('changes everything at once', () =>
    withSales
      .when(update({ name: 'B', description: 'D', external_id: 'crm-2', permissions: ['a'] }))
      .then(
        { type: 'GroupRenamed', data: { group_id: 'g', name: 'B' } },
        { type: 'GroupDescriptionChanged', data: { group_id: 'g', description: 'D' } },
        { type: 'GroupExternalIdChanged', data: { group_id: 'g', external_id: 'crm-2' } },
        { type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: ['a'] } },
      ));
  it('T316: changes nothing when nothing is said', () => withSales.when(update({})).nothing());
  it('changes nothing when everything is as it was', () =>
    withSales
      .when(
        update({
          name: 'Sales',
          description: 'They sell',
          external_id: 'crm-1',
          permissions: ['klip.edit', 'tab.edit'],
        }),
      )
      .nothing());
  it('X70: refuses the external id of another group, and the name with it', () =>
    given(company, sales, group('other', { external_id: 'crm-2' }))
      .when(update({ name: 'Buyers', external_id: 'crm-2' }))
      .rejects('external_id_in_use'));
  it('X70: takes the external id of a deleted group', () =>
    given(company, sales, group('other', { external_id: 'crm-2' }), {
      type: 'GroupDeleted',
      data: { group_id: 'other' },
    })
      .when(update({ external_id: 'crm-2' }))
      .then({ type: 'GroupExternalIdChanged', data: { group_id: 'g', external_id: 'crm-2' } }));
  it('T084 T304: refuses an unknown group', () =>
    given(company)
      .when(update({ name: 'Buyers' }))
      .rejects('group_not_found'));
  it.each([{ name: 'Everyone' }, { permissions: ['klip.edit'] }, {}])(
    'T086: refuses to change All Users by %j',
    (change) => given(company).when(update(change, ALL_USERS)).rejects('built_in_group'),
  );
  it('X50: changes an ordinary group that is named like a built-in one', () =>
    given(company, group('g', { name: 'Administrators' }))
      .when(update({ name: 'All Users' }))
      .then({ type: 'GroupRenamed', data: { group_id: 'g', name: 'All Users' } }));
});

describe('DeleteGroup', () => {
  const remove = (group_id: string) => new DeleteGroup(ACME, { group_id }, as('ann'));
  const deleted = { type: 'GroupDeleted', data: { group_id: 'g' } } as const;

  it('T090 X30: deletes a group that has members with one event', () =>
    given(company, sales, inGroup('ann', 'g')).when(remove('g')).then(deleted));
  it('T092: refuses an unknown group', () => given(company).when(remove('g')).rejects('group_not_found'));
  it('T092: refuses to delete twice', () =>
    given(company, sales, deleted).when(remove('g')).rejects('group_not_found'));
  it('T094: refuses to delete All Users', () =>
    given(company).when(remove(ALL_USERS)).rejects('built_in_group'));

  const after = stateOf(
    [company, user('bob'), sales, inGroup('bob', 'g'), permitted('bob', 'tab.edit', 'user.view')].flat(),
    deleted,
  );
  it('T093: former members still exist and no longer list the group', () => {
    expect(after.users.has('bob')).toBe(true);
    expect(after.memberships.bySubject.has('bob')).toBe(false);
    expect(after.memberships.byOther.has('g')).toBe(false);
  });
  it('T318 T319 T320 X51: former members keep their individual permissions and lose those of the group', () =>
    expect(holdingsOf(after, 'bob')).toEqual(new Set(['tab.edit', 'user.view'])));
});
