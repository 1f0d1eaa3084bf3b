import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { evolve } from '../../src/domain/account-state.js';
import { rollBack } from '../../src/domain/journaled-map.js';
import { CreateUser } from '../../src/domain/user.js';
import { defaultLimits } from '../../src/domain/limits.js';
import { RestoreUserProperty } from '../../src/domain/property-restoration.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import {
  ACME,
  as,
  attempt,
  company,
  given,
  property,
  recorded,
  stateOf,
  user,
  valued,
} from '../support/domain.js';
import { dump } from './dump.js';

const set = (properties: Record<string, string>, user_id = 'bob') =>
  new SetUserProperties(ACME, { user_id, properties }, as('ann'));
const remove = (name: string, user_id = 'bob') => new DeleteUserProperty(ACME, { user_id, name }, as('ann'));
const deleted = (name: string) => ({ type: 'UserPropertyDeleted', data: { name } }) as const;
const people = [...company, user('bob'), user('eve')];
const valuesOf = (name: string, ...history: (DomainEvent | readonly DomainEvent[])[]) => [
  ...(stateOf(...history).userProperties.get(name) ?? []),
];

describe('SetUserProperties', () => {
  it('T404: a new name exists for all, its value is set for this user', () =>
    given(people)
      .when(set({ team: 'Sales', floor: '' }))
      .then(property('team'), property('floor'), valued('bob', { team: 'Sales' })));
  it('T404: a name alone is enough for it to exist', () =>
    given(people)
      .when(set({ team: '' }))
      .then(property('team')));
  it('X72: names that are not sent stay, and only what changes is recorded', () =>
    given(people, property('team'), property('floor'), valued('bob', { team: 'Sales', floor: '1' }))
      .when(set({ team: 'Sales', floor: '2' }))
      .then(valued('bob', { floor: '2' })));
  it('the value of another user is no value of this one', () =>
    given(people, property('team'), valued('eve', { team: 'Sales' }))
      .when(set({ team: 'Sales' }))
      .then(valued('bob', { team: 'Sales' })));
  it('an empty text takes a value away', () => {
    const history = [...people, property('team'), valued('bob', { team: 'Sales' })];
    given(history)
      .when(set({ team: '' }))
      .then(valued('bob', { team: '' }));
    expect(valuesOf('team', history, valued('bob', { team: '' }))).toEqual([]);
  });
  it.each([{}, { team: 'Sales' }, { floor: '' }])('X38: changes nothing with %j', (properties) =>
    given(people, property('team'), property('floor'), valued('bob', { team: 'Sales' }))
      .when(set(properties))
      .nothing(),
  );
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '1', ' a ', 'Team'])(
    'takes %s as a name like others',
    (name) => {
      const properties = Object.fromEntries([[name, 'x']]);
      const decision = attempt(set(properties), stateOf(people, property('team')));
      expect(JSON.stringify(decision)).toBe(JSON.stringify([property(name), valued('bob', properties)]));
      const state = stateOf(people, property(name), valued('bob', properties));
      expect([...(state.userProperties.get(name) ?? [])]).toEqual([['bob', 'x']]);
      expect(attempt(set(properties), state)).toEqual([]);
      expect(Reflect.get({}, 'bob')).toBeUndefined();
    },
  );
  it('refuses an unknown user', () =>
    given(people)
      .when(set({ team: 'x' }, 'nobody'))
      .rejects('user_not_found'));

  const many = (count: number) => Array.from({ length: count }, (_, n) => property(`p${n}`));
  it('lets an account have 200 names', () =>
    given(people, many(199))
      .when(set({ team: '' }))
      .then(property('team')));
  it.each([
    [200, { team: '' }],
    [199, { team: 'x', floor: 'y' }],
  ])('refuses more than that as a whole: %d and %j', (count, more) =>
    given(people, many(count))
      .when(set({ p0: 'x', ...more }))
      .rejects(
        'quota_exceeded',
        'There can be at most 200 property names of one kind in an account; the operator can raise the limit properties',
      ),
  );
  it('sets values of 200 names that are there', () =>
    given(people, many(200))
      .when(set({ p199: 'x' }))
      .then(valued('bob', { p199: 'x' })));
});

describe('DeleteUserProperty', () => {
  it('T404: ends it for all, whoever is named', () => {
    const history = [
      ...[...people, property('team'), valued('bob', { team: 'a' })],
      ...[valued('eve', { team: 'b' })],
    ];
    given(history).when(remove('team', 'ann')).then(deleted('team'));
    expect(stateOf(history, deleted('team')).userProperties.size).toBe(0);
  });
  it('old values do not come back with the name', () =>
    expect(
      valuesOf(
        'team',
        people,
        property('team'),
        valued('bob', { team: 'a' }),
        deleted('team'),
        property('team'),
      ),
    ).toEqual([]));
  it.each(['team', '__proto__', 'toString'])('T404 X82: refuses a name that does not exist: %s', (name) =>
    given(people).when(remove(name)).rejects('property_not_found'),
  );
  it('X82: refuses a name that was deleted', () =>
    given(people, property('team'), deleted('team')).when(remove('team')).rejects('property_not_found'));
  it('an unknown user comes before an unknown name', () =>
    given(people).when(remove('team', 'nobody')).rejects('user_not_found'));
  it('is undone with all values', () => {
    const state = stateOf(
      people,
      property('team'),
      valued('bob', { team: 'a' }),
      valued('eve', { team: 'b' }),
    );
    const before = dump(state);
    const again = [deleted('team'), property('team'), valued('bob', { team: 'c' })];
    for (const event of again) evolve(state, recorded(event));
    rollBack(state.journal);
    expect(dump(state)).toBe(before);
  });
});

describe('RestoreUserProperty', () => {
  const restore = (name: string, meta = as('ann')) => new RestoreUserProperty(ACME, { name }, meta);
  const had = [...people, property('team'), valued('eve', { team: 'b' }), valued('bob', { team: 'a' })];

  it('gives a deleted property back with all values that it had', () => {
    given(had, deleted('team'))
      .when(restore('team'))
      .then(property('team'), valued('bob', { team: 'a' }), valued('eve', { team: 'b' }));
    given(people, property('__proto__'), valued('bob', { ['__proto__']: 'a' }), deleted('__proto__'))
      .when(restore('__proto__'))
      .then(property('__proto__'), valued('bob', { ['__proto__']: 'a' }));
  });
  it('refuses one that is there, and one that never was', () => {
    given(had).when(restore('team')).rejects('not_deleted');
    given(had, deleted('team'), property('team')).when(restore('team')).rejects('not_deleted');
    given(had).when(restore('floor')).rejects('property_not_found');
  });
  it('refuses when a user that had a value is gone', () =>
    given(had, deleted('team'), { type: 'UserDeleted', data: { user_id: 'bob' } })
      .when(restore('team'))
      .rejects('user_not_found'));
  it('refuses when the account has as many names as it may have', () =>
    given(
      [...had, deleted('team')],
      Array.from({ length: defaultLimits.properties }, (_, n) => property(`p${n}`)),
    )
      .when(restore('team'))
      .rejects('quota_exceeded'));
});

describe('The properties of users who come and go', () => {
  it('values end with their user, names stay', () => {
    const history = [...people, property('team'), valued('bob', { team: 'a' }), valued('eve', { team: 'b' })];
    const gone = { type: 'UserDeleted', data: { user_id: 'bob' } } as const;
    given(history)
      .when(new DeleteUser(ACME, { user_id: 'bob' }, as('ann')))
      .then(gone);
    expect(valuesOf('team', history, gone)).toEqual([['eve', 'b']]);
    expect(valuesOf('team', people, property('team'), valued('bob', { team: 'a' }), gone)).toEqual([]);
  });
  it('a new user has the names at once, without an event', () => {
    const facts = { user_id: 'kim', first_name: 'Kim', last_name: 'Doe', email: 'kim@x.example' };
    const data = { ...facts, external_id: null, password_hash: null, roles: [] };
    given(people, property('team'))
      .when(new CreateUser(ACME, data, as('ann')))
      .then({ type: 'UserCreated', data: { ...facts, external_id: null } });
  });
});

it('a value of a property that does not exist stops the fold', () =>
  expect(() => stateOf(people, valued('bob', { team: 'a' }))).toThrow('property that does not exist'));
