import type { AccountState } from '../../src/domain/account-state.js';

/** A state as text, in an order of its own: two states are the same when their dumps are. */
export function dump(state: AccountState): string {
  const { account, client, clientBilling, clientResources, users, lastHoldings, apiKeys, signIns } = state;
  const { groups, defaultTabs, roles, formerUsers, formerGroups, formerRoles, formerProperties, webhooks } =
    state;
  const maps = {
    ...{ account, client, clientBilling, clientResources, users, lastHoldings, apiKeys, signIns },
    ...{ groups, defaultTabs, roles, formerUsers, formerGroups, formerRoles, formerProperties, webhooks },
  };
  const parts = {
    ...Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, sorted<unknown>(map)])),
    memberships: pairs(state.memberships),
    assignments: pairs(state.assignments),
    clientSettings: sorted(state.clientSettings),
    userProperties: sorted(state.userProperties).map(([name, values]) => [name, sorted(values)]),
    mails: sorted(state.mails),
    passwordTokens: sorted(state.passwordTokens),
    clientShares: pairs(state.clientShares),
    clientProperties: sorted(state.clientProperties).map(([name, values]) => [name, sorted(values)]),
    tabInstances: sorted(state.tabInstances).map(([user, tabs]) => [user, sorted(tabs)]),
  };
  return JSON.stringify(parts, (_, value: unknown) => (value === undefined ? 'UNDEFINED' : value), 1);
}

type Ends = Record<'bySubject' | 'byOther', ReadonlyMap<string, Iterable<[string, unknown]>>>;

/** Every pair of a relation as `[user, other, value]`, once as each of its ends tells it. */
export function pairs(relation: Ends): { bySubject: string[]; byOther: string[] } {
  return {
    bySubject: flat(relation.bySubject, (user, other, value) => [user, other, value]),
    byOther: flat(relation.byOther, (other, user, value) => [user, other, value]),
  };
}

function flat<V>(
  maps: ReadonlyMap<string, Iterable<[string, V]>>,
  pair: (key: string, id: string, value: V) => unknown[],
): string[] {
  const all = [...maps].flatMap(([key, map]) => [...map].map(([id, value]) => pair(key, id, value)));
  return all.map((each) => JSON.stringify(each)).sort();
}

function sorted<V>(map: Iterable<[string, V]>): [string, V][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
