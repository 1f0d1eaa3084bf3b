import { describe, it } from '@jest/globals';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { ACME, ALL_USERS, as, company, given, group, inGroup, user } from '../support/domain.js';

const world = [...company, user('bob'), group('g')];

describe('AddUserToGroup', () => {
  const add = (can_edit?: boolean, user_id = 'bob', group_id = 'g') =>
    new AddUserToGroup(ACME, { user_id, group_id, can_edit }, as('ann'));
  const changed = (can_edit: boolean) =>
    ({ type: 'MembershipChanged', data: { user_id: 'bob', group_id: 'g', can_edit } }) as const;

  it('T110 T113: adds the user, who may not edit unless it is said', () =>
    given(world)
      .when(add())
      .then(inGroup('bob', 'g', false)));
  it.each([true, false])('T112: stores can_edit %s on the membership', (can_edit) =>
    given(world)
      .when(add(can_edit))
      .then(inGroup('bob', 'g', can_edit)),
  );
  it('T114: a repeat with another can_edit changes it', () => {
    given(world, inGroup('bob', 'g', false))
      .when(add(true))
      .then(changed(true));
    given(world, inGroup('bob', 'g', true))
      .when(add(false))
      .then(changed(false));
  });
  it.each([true, false])('T114: a repeat with the same can_edit %s records nothing', (can_edit) =>
    given(world, inGroup('bob', 'g', can_edit))
      .when(add(can_edit))
      .nothing(),
  );
  it.each([true, false])('X59: a repeat that does not say can_edit leaves it %s', (can_edit) =>
    given(world, inGroup('bob', 'g', can_edit))
      .when(add())
      .nothing(),
  );
  it('T114: goes by the last change of can_edit', () =>
    given(world, inGroup('bob', 'g', false), changed(true))
      .when(add(true))
      .nothing());
  it('adds a user who was removed, without the former can_edit', () =>
    given(world, inGroup('bob', 'g', true), {
      type: 'UserRemovedFromGroup',
      data: { user_id: 'bob', group_id: 'g' },
    })
      .when(add())
      .then(inGroup('bob', 'g', false)));
  it('T116: refuses an unknown user', () => given(world).when(add(true, 'eve')).rejects('user_not_found'));
  it('T116: refuses an unknown group', () =>
    given(world)
      .when(add(true, 'bob', 'nope'))
      .rejects('group_not_found'));
  it('T116: names the group when both are unknown; v1 puts that into the order of its path', () =>
    given(world)
      .when(add(true, 'eve', 'nope'))
      .rejects('group_not_found'));
  it('T120 X54: refuses All Users', () =>
    given(world)
      .when(add(true, 'bob', ALL_USERS))
      .rejects('built_in_group'));
  it('T116: an unknown user counts before All Users', () =>
    given(world)
      .when(add(true, 'eve', ALL_USERS))
      .rejects('user_not_found'));
});

describe('RemoveUserFromGroup', () => {
  const remove = (user_id = 'bob', group_id = 'g') =>
    new RemoveUserFromGroup(ACME, { user_id, group_id }, as('ann'));
  const removed = { type: 'UserRemovedFromGroup', data: { user_id: 'bob', group_id: 'g' } } as const;

  it('T130: ends the membership', () => given(world, inGroup('bob', 'g')).when(remove()).then(removed));
  it('T131 X14: refuses a user who is no member', () =>
    given(world).when(remove()).rejects('user_not_in_group'));
  it('T131: refuses to remove twice', () =>
    given(world, inGroup('bob', 'g'), removed).when(remove()).rejects('user_not_in_group'));
  it('T132: refuses an unknown user', () => given(world).when(remove('eve')).rejects('user_not_found'));
  it('T132: refuses an unknown group', () =>
    given(world).when(remove('bob', 'nope')).rejects('group_not_found'));
  it('T132: names the group when both are unknown', () =>
    given(world).when(remove('eve', 'nope')).rejects('group_not_found'));
  it('T134 X54: refuses All Users', () =>
    given(world).when(remove('bob', ALL_USERS)).rejects('built_in_group'));
});
