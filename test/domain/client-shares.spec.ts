import { describe, expect, it } from '@jest/globals';
import { evolve } from '../../src/domain/account-state.js';
import { ShareClient, UnshareClient } from '../../src/domain/client-shares.js';
import { DeleteGroup } from '../../src/domain/group.js';
import { rollBack } from '../../src/domain/journaled-map.js';
import {
  ACME,
  ALL_USERS,
  as,
  client,
  company,
  given,
  group,
  operator,
  permitted,
  shared,
  stateOf,
  unshared,
  user,
  recorded,
} from '../support/domain.js';
import { dump, pairs } from './dump.js';

type Shares = ShareClient['data']['shares'];

const share = (shares: Shares, client_id = 'globex', meta = as('ann')) =>
  new ShareClient(ACME, { client_id, shares }, meta);
const unshare = (group_id: string, client_id = 'globex') =>
  new UnshareClient(ACME, { client_id, group_id }, as('ann'));
const groups = [...company, group('sales'), group('stock')];
const gone = { type: 'GroupDeleted', data: { group_id: 'sales' } } as const;

describe('ShareClient', () => {
  it('T409: shares with several groups at once', () =>
    given(groups)
      .when(share([{ group_id: 'sales', can_manage: true }, { group_id: 'stock' }]))
      .then(shared('globex', 'sales', true), shared('globex', 'stock', false)));
  it('T409: groups that are not named stay', () => {
    const history = [...groups, shared('globex', 'sales', true)];
    given(history)
      .when(share([{ group_id: 'stock' }]))
      .then(shared('globex', 'stock'));
    const { bySubject } = pairs(stateOf(history, shared('globex', 'stock')).clientShares);
    expect(bySubject).toHaveLength(2);
  });
  it.each([true, false])('T409 X59: said again it changes nothing: can_manage %s', (can_manage) => {
    const history = given(groups, shared('globex', 'sales', can_manage));
    history.when(share([{ group_id: 'sales', can_manage }])).nothing();
    history.when(share([{ group_id: 'sales' }])).nothing();
    history
      .when(share([{ group_id: 'sales', can_manage: !can_manage }]))
      .then(shared('globex', 'sales', !can_manage));
  });
  it('the share of another client is none of this one', () =>
    given(groups, shared('initech', 'sales'))
      .when(share([{ group_id: 'sales' }]))
      .then(shared('globex', 'sales')));
  it('X77: All Users may be among the groups', () =>
    given(groups)
      .when(share([{ group_id: ALL_USERS }]))
      .then(shared('globex', ALL_USERS)));
  it('X38: without groups it changes nothing', () => given(groups).when(share([])).nothing());
  it('T409: an unknown group refuses all of it', () =>
    given(groups)
      .when(share([{ group_id: 'sales' }, { group_id: 'nothing' }]))
      .rejects('group_not_found'));
  it('a client account has no clients to share', () =>
    given(client(), group('sales'))
      .when(share([{ group_id: 'sales' }], 'x', operator))
      .rejects('client_not_found'));
  it('T409: needs client.share, and no reach of its sender', () => {
    const toSales = share([{ group_id: 'sales', can_manage: true }], 'globex', as('bob'));
    given(groups, user('bob'), permitted('bob', 'client.share'))
      .when(toSales)
      .then(shared('globex', 'sales', true));
    given(groups, user('bob'), permitted('bob', 'client.edit', 'user.manage'))
      .when(toSales)
      .rejects('access_denied');
  });
});

describe('UnshareClient', () => {
  it('T409: ends the share of one group', () =>
    given(groups, shared('globex', 'sales'), shared('globex', 'stock'))
      .when(unshare('sales'))
      .then(unshared('globex', 'sales')));
  it('T409 X82: refuses what is not shared', () => {
    given(groups, shared('globex', 'stock'), shared('initech', 'sales'))
      .when(unshare('sales'))
      .rejects('client_not_shared');
    given(groups, shared('globex', 'sales'), unshared('globex', 'sales'))
      .when(unshare('sales'))
      .rejects('client_not_shared');
  });
  it('T409: refuses an unknown group', () =>
    given(groups).when(unshare('nothing')).rejects('group_not_found'));
  it('a client account has no clients', () =>
    given(client(), group('sales'))
      .when(new UnshareClient('globex', { client_id: 'x', group_id: 'sales' }, operator))
      .rejects('client_not_found'));
});

describe('A group that is deleted', () => {
  it('ends its shares of all clients without a further event, and no others', () => {
    const history = [
      ...[...groups, shared('globex', 'sales', true), shared('initech', 'sales')],
      shared('globex', 'stock'),
    ];
    given(history)
      .when(new DeleteGroup(ACME, { group_id: 'sales' }, as('ann')))
      .then(gone);
    const left = pairs(stateOf(history, gone).clientShares);
    expect(left.bySubject).toEqual([JSON.stringify(['globex', 'stock', { can_manage: false }])]);
    expect(left.byOther).toEqual(left.bySubject);
  });
  it('is undone with its shares', () => {
    const state = stateOf(groups, shared('globex', 'sales', true), shared('initech', 'sales'));
    const before = dump(state);
    for (const event of [gone, shared('globex', 'stock'), unshared('globex', 'stock')])
      evolve(state, recorded(event));
    rollBack(state.journal);
    expect(dump(state)).toBe(before);
  });
});
