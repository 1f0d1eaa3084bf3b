import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { authorityOf } from '../../src/domain/authority.js';
import { decide } from '../../src/domain/decide.js';
import {
  ACME,
  ALL_USERS,
  as,
  attempt,
  client,
  company,
  group,
  inGroup,
  operator,
  permitted,
  shared,
  stateOf,
  system,
  unshared,
  user,
} from '../support/domain.js';
import { overClients, rows, samples } from './command-samples.js';
import { acme, bob, globex, holding, isDenied } from './denial.js';

describe('in the own account', () => {
  it.each(rows)('T011 T219 T233: $type is denied without $permission', ({ permission, sample }) => {
    const others = [
      ...['user.view', 'user.manage', 'account.settings', '*'],
      ...['client.build', 'client.edit', 'client.delete', 'client.access', 'client.share'],
    ];
    const state = acme(...others.filter((other) => other !== permission));
    expect(isDenied(sample(bob, ACME), state)).toBe(true);
  });
  it.each(rows.filter((row) => row.permission !== null && !overClients.includes(row)))(
    'X9: $type asks for nothing but $permission',
    ({ permission, sample, type }) => {
      const account = type === 'OpenClient' ? 'globex' : ACME;
      const state = type === 'OpenClient' ? stateOf() : acme(...String(permission).split(' '));
      expect(isDenied(sample(bob, account), state, holding(...String(permission).split(' ')))).toBe(false);
    },
  );
  it.each(rows)('$type is open to the operator and to the service itself', ({ sample }) => {
    expect(isDenied(sample(operator, ACME), acme())).toBe(false);
    expect(isDenied(sample(system, ACME), acme())).toBe(false);
  });
  it('a user who was deleted may do nothing', () => {
    const state = stateOf(company, user('bob'), permitted('bob', 'user.manage'), {
      type: 'UserDeleted',
      data: { user_id: 'bob' },
    });
    expect(isDenied(samples.CreateGroup[1](bob, ACME), state)).toBe(true);
  });
});

describe('X55: in a client account of the own company', () => {
  const rename = samples.UpdateAccount[1](bob, 'globex');
  const create = samples.CreateUser[1](bob, 'globex');
  const leaves = { type: 'UserRemovedFromGroup', data: { user_id: 'bob', group_id: 'own' } } as const;

  /** Bob's authority in Acme as a member of a group with these permissions, when its clients are shared as told. */
  const withShares = (permissions: string[], ...shares: DomainEvent[]) => {
    const groups = [group('own'), group('other'), inGroup('bob', 'own')];
    const acmeState = stateOf(company, user('bob'), permitted('bob', ...permissions), groups, shares);
    return authorityOf(acmeState, 'bob', 'globex');
  };
  const managed = shared('globex', 'own', true);

  it('T409: client.access, the permission of the command and a share that lets manage suffice', () =>
    expect(isDenied(rename, globex, withShares(['client.access', 'account.settings'], managed))).toBe(false));
  it('so does user.manage instead of client.access', () => {
    expect(isDenied(rename, globex, withShares(['user.manage', 'account.settings'], managed))).toBe(false);
    expect(isDenied(create, globex, withShares(['user.manage'], managed))).toBe(false);
  });
  it('client.access alone, or the permission of the command alone, does not', () => {
    expect(isDenied(create, globex, withShares(['client.access'], managed))).toBe(true);
    expect(isDenied(rename, globex, withShares(['account.settings'], managed))).toBe(true);
  });
  it.each([
    ['there is none', []],
    ['it lets look only', [shared('globex', 'own')]],
    ['it is of another client', [shared('initech', 'own', true)]],
    ['it is of a group the caller is not in', [shared('globex', 'other', true)]],
    ['it has become one that lets look only', [managed, shared('globex', 'own')]],
    ['it has ended', [managed, unshared('globex', 'own')]],
    ['its group is gone', [managed, { type: 'GroupDeleted', data: { group_id: 'own' } } as const]],
    ['the caller has left its group', [managed, leaves]],
  ])('T409 X77: not with a share when %s', (_, shares) =>
    expect(isDenied(create, globex, withShares(['user.manage'], ...shares))).toBe(true),
  );
  it('T409: of several shares one that lets manage is enough', () => {
    const shares = [shared('globex', ALL_USERS), managed, shared('globex', 'other')];
    expect(isDenied(create, globex, withShares(['user.manage'], ...shares))).toBe(false);
  });
  it('T409 X77: All Users may be the group', () => {
    const all = shared('globex', ALL_USERS, true);
    expect(isDenied(create, globex, withShares(['user.manage'], all))).toBe(false);
    expect(authorityOf(stateOf(company, all), 'nobody', 'globex').managesClient).toBe(false);
  });
  it('T409: a client shares nothing with its own users', () => {
    const cem = stateOf(client(), user('cem'), permitted('cem', 'user.manage'), shared('x', ALL_USERS, true));
    const command = samples.CreateUser[1](as('cem', 'globex'), 'x');
    expect(
      isDenied(command, stateOf(client(-1, { parent_id: 'globex' })), authorityOf(cem, 'cem', 'x')),
    ).toBe(true);
  });
  it('an admin of the company may do everything, without a share', () =>
    expect(
      decide(samples.CreateUser[1](as('ann'), 'globex'), globex, authorityOf(acme(), 'ann', 'globex'), {
        clientsWithExternalId: () => [],
        clientsOf: () => 0,
      }),
    ).toHaveLength(1));
});

describe('T012 T154: in an account of another company', () => {
  const ann = authorityOf(acme(), 'ann');

  it.each(rows)('$type is denied to an admin', ({ type, sample }) => {
    const foreign = stateOf(client(-1, { parent_id: 'umbrella' }));
    const command = sample(as('ann', type === 'OpenClient' ? 'umbrella' : ACME), 'globex');
    expect(isDenied(command, foreign, ann)).toBe(true);
  });
  it('nobody reaches another company as if it were a client', () =>
    expect(isDenied(samples.CreateGroup[1](as('ann'), 'umbrella'), stateOf(company), ann)).toBe(true));
  it('nobody reaches an account that was never opened', () =>
    expect(isDenied(samples.CreateGroup[1](as('ann'), 'nowhere'), stateOf(), ann)).toBe(true));
  it('a user of a client does not reach its company', () => {
    const cem = authorityOf(stateOf(client(), user('cem'), permitted('cem', 'user.manage')), 'cem');
    expect(isDenied(samples.CreateGroup[1](as('cem', 'globex'), ACME), acme(), cem)).toBe(true);
  });
});

describe('OpenClient', () => {
  const open = (account = ACME) => samples.OpenClient[1](as('bob', account), 'initech');

  it('T408: is for a company that opens a client of its own', () =>
    expect(attempt(open(), stateOf(), holding('client.build'))).toMatchObject([{ type: 'ClientOpened' }]));
  it('is denied to a client account: clients have no clients', () => {
    const cem = stateOf(client(), user('bob'), permitted('bob', 'client.build'));
    expect(isDenied(open(), stateOf(), authorityOf(cem, 'bob'))).toBe(true);
  });
  it('is denied for a client of another company', () =>
    expect(isDenied(open('umbrella'), stateOf(), holding('client.build'))).toBe(true));
});
