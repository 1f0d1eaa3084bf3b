import { describe, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { AddGroupDefaultTabs } from '../../src/domain/default-tabs.js';
import { ACME, ALL_USERS, as, company, given, group, managerMax } from '../support/domain.js';

const world = [...company, ...managerMax, group('g', { permissions: ['klip.edit'] })];
const add = (tab_ids: string[], group_id = 'g', meta = as('ann')) =>
  new AddGroupDefaultTabs(ACME, { group_id, tab_ids }, meta);
const added = (tab_ids: string[], group_id = 'g'): DomainEvent => ({
  type: 'GroupDefaultTabsAdded',
  data: { group_id, tab_ids },
});
const tabs = (count: number, first = 0) => Array.from({ length: count }, (_, n) => `tab${first + n}`);

describe('AddGroupDefaultTabs', () => {
  it('T405: adds the tabs in the order sent', () =>
    given(world)
      .when(add(['b', 'a']))
      .then(added(['b', 'a'])));
  it('T405: passes over what is there already, and what is said twice', () => {
    given(world, added(['a']))
      .when(add(['c', 'a', 'c', 'A']))
      .then(added(['c', 'A']));
    given(world, added(['a']), added(['b']))
      .when(add(['b', 'a']))
      .nothing();
  });
  it('T405: a group has its own', () =>
    given(world, group('h'), added(['a'], 'h'))
      .when(add(['a']))
      .then(added(['a'])));
  it('T405 X77: All Users may have some: it is the group for what everybody shall see', () =>
    given(world)
      .when(add(['a'], ALL_USERS))
      .then(added(['a'], ALL_USERS)));
  it('T405: a thousand and no more', () => {
    given(world, added(tabs(999)))
      .when(add(['tab5', 'last']))
      .then(added(['last']));
    given(world, added(tabs(999)))
      .when(add(['one', 'two']))
      .rejects('default_tab_limit');
    given(world, added(tabs(1000)))
      .when(add(tabs(1000)))
      .nothing();
  });
  it('X78: is no grant, whatever the group carries', () =>
    given(world)
      .when(add(['a'], 'g', as('max')))
      .then(added(['a'])));
  it('T405: refuses an unknown group, and one that was deleted', () => {
    given(world)
      .when(add(['a'], 'x'))
      .rejects('group_not_found');
    given(world, { type: 'GroupDeleted', data: { group_id: 'g' } })
      .when(add(['a']))
      .rejects('group_not_found');
  });
});
