import { describe, expect, it } from '@jest/globals';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../src/domain/tab-instances.js';
import { ACME, as, company, given, stateOf, tabs, user } from '../support/domain.js';

type Pair = readonly [instance: string, tab: string];

const add = (user_id: string, ...pairs: Pair[]) => {
  const instances = pairs.map(([tab_instance_id, tab_id]) => ({ tab_instance_id, tab_id }));
  return new AddUserTabInstances(ACME, { user_id, instances }, as('ann'));
};
const remove = (user_id: string, tab_instance_id: string) =>
  new RemoveUserTabInstance(ACME, { user_id, tab_instance_id }, as('ann'));
const removed = (user_id: string, tab_instance_id: string) =>
  ({ type: 'UserTabInstanceRemoved', data: { user_id, tab_instance_id } }) as const;
const people = [...company, user('bob'), user('eve')];

describe('AddUserTabInstances', () => {
  it('gives the user an instance of each tab', () =>
    given(people)
      .when(add('bob', ['i1', 'sales'], ['i2', '__proto__']))
      .then(tabs('bob', ['i1', 'sales'], ['i2', '__proto__'])));
  it('passes over tabs the user has already', () =>
    given(people, tabs('bob', ['i1', 'sales']))
      .when(add('bob', ['i2', 'sales'], ['i3', 'stock']))
      .then(tabs('bob', ['i3', 'stock'])));
  it('counts a tab that is named twice once', () =>
    given(people)
      .when(add('bob', ['i1', 'sales'], ['i2', 'sales']))
      .then(tabs('bob', ['i1', 'sales'])));
  it('changes nothing when the user has them all, or none are named', () => {
    given(people, tabs('bob', ['i1', 'sales']))
      .when(add('bob', ['i2', 'sales']))
      .nothing();
    given(people).when(add('bob')).nothing();
  });
  it('what another user has is another instance', () =>
    given(people, tabs('eve', ['i1', 'sales']))
      .when(add('bob', ['i2', 'sales']))
      .then(tabs('bob', ['i2', 'sales'])));
  it('a tab that was removed can be added again', () =>
    given(people, tabs('bob', ['i1', 'sales']), removed('bob', 'i1'))
      .when(add('bob', ['i2', 'sales']))
      .then(tabs('bob', ['i2', 'sales'])));
  it('refuses an unknown user', () => given(people).when(add('nobody')).rejects('user_not_found'));

  const many = Array.from({ length: 999 }, (_, n): Pair => [`i${n}`, `t${n}`]);
  it('lets a user have 1,000', () =>
    given(people, tabs('bob', ...many))
      .when(add('bob', ['x', 'sales'], ['y', 't0']))
      .then(tabs('bob', ['x', 'sales'])));
  it('refuses more than that as a whole', () =>
    given(people, tabs('bob', ...many))
      .when(add('bob', ['x', 'sales'], ['y', 'stock']))
      .rejects(
        'quota_exceeded',
        'There can be at most 1,000 tab instances of a user; the operator can raise the limit tab_instances',
      ));
});

describe('RemoveUserTabInstance', () => {
  it('ends the instance and no other', () => {
    const history = [...people, tabs('bob', ['i1', 'sales'], ['i2', 'stock'])];
    given(history).when(remove('bob', 'i1')).then(removed('bob', 'i1'));
    expect([...(stateOf(history, removed('bob', 'i1')).tabInstances.get('bob') ?? [])]).toEqual([
      ['stock', 'i2'],
    ]);
  });
  it.each(['i9', 'sales', '__proto__'])('refuses an instance that does not exist: %s', (id) =>
    given(people, tabs('bob', ['i1', 'sales']))
      .when(remove('bob', id))
      .rejects('tab_instance_not_found'),
  );
  it('refuses an instance of another user', () =>
    given(people, tabs('eve', ['i1', 'sales']))
      .when(remove('bob', 'i1'))
      .rejects('tab_instance_not_found'));
  it('refuses an instance that was removed', () =>
    given(people, tabs('bob', ['i1', 'sales']), removed('bob', 'i1'))
      .when(remove('bob', 'i1'))
      .rejects('tab_instance_not_found'));
  it('an unknown user comes before an unknown instance', () =>
    given(people).when(remove('nobody', 'i1')).rejects('user_not_found'));
});

it('the instances of a user end with the user', () => {
  const gone = { type: 'UserDeleted', data: { user_id: 'bob' } } as const;
  const { tabInstances } = stateOf(people, tabs('bob', ['i1', 'a']), tabs('eve', ['i2', 'a']), gone);
  expect([...tabInstances.keys()]).toEqual(['eve']);
});

it('the end of an instance that does not exist stops the fold', () =>
  expect(() => stateOf(people, removed('bob', 'i1'))).toThrow('does not exist'));
