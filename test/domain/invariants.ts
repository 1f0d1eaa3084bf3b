import { expect } from '@jest/globals';
import { contactKinds } from '../../src/domain/account.js';
import type { AccountState } from '../../src/domain/account-state.js';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { holdingsOf } from '../../src/domain/holdings.js';
import { covers, type Holdings } from '../../src/domain/permissions.js';
import { MOST_PASSWORD_TOKENS } from '../../src/domain/password-tokens.js';
import { emailKey } from '../../src/domain/email-address.js';
import { defaultLimits } from '../../src/domain/limits.js';
import { pairs } from './dump.js';

export const hasAdmin = (state: AccountState) => (state.assignments.byOther.get(adminRole.id)?.size ?? 0) > 0;

/** What must hold in every account after every command. */
export function checkInvariants(state: AccountState): void {
  const users = [...state.users.values()];
  const account = state.account.get('account');

  const { groups } = state;
  for (const [email, owner] of index(users, (one) => emailKey(one.email)))
    expect(state.users.find('email', email)).toBe(owner);
  for (const [id, owner] of index(users, ({ external_id }) => external_id))
    expect(state.users.find('external_id', id)).toBe(owner);
  for (const [id, owner] of index([...groups.values()], ({ external_id }) => external_id))
    expect(groups.find('external_id', id)).toBe(owner);
  for (const user of state.signIns.keys()) expect([...state.users.keys()]).toContain(user);
  for (const kind of contactKinds) {
    const contact = account?.contacts[kind];
    if (typeof contact === 'string') expect([...state.users.keys()]).toContain(contact);
  }
  for (const [relation, others] of [
    [state.memberships, state.groups],
    [state.assignments, state.roles],
  ] as const) {
    const { bySubject, byOther } = pairs(relation);
    expect(bySubject).toEqual(byOther);
    for (const [user, map] of relation.bySubject) {
      if (map.size > 0) expect([...state.users.keys()]).toContain(user);
      for (const other of map.keys()) expect([...others.keys()]).toContain(other);
    }
  }
  expect(pairs(state.clientShares).bySubject).toEqual(pairs(state.clientShares).byOther);
  for (const groups of state.clientShares.bySubject.values())
    for (const group of groups.keys()) expect([...state.groups.keys()]).toContain(group);
  expect(state.clientProperties.size).toBeLessThanOrEqual(defaultLimits.properties);
  for (const values of state.clientProperties.values()) expect([...values.values()]).not.toContain('');
  if (account?.parent_id !== null)
    expect([pairs(state.clientShares).bySubject, state.clientProperties.size]).toEqual([[], 0]);
  for (const [group, tabs] of state.defaultTabs) {
    expect([...state.groups.keys()]).toContain(group);
    expect(new Set(tabs).size).toBe(tabs.length);
  }
  for (const user of state.apiKeys.keys()) expect([...state.users.keys()]).toContain(user);
  expect(state.clientSettings.size).toBeLessThanOrEqual(defaultLimits.settings);
  expect([...state.clientSettings.values()]).not.toContain('');
  expect(state.userProperties.size).toBeLessThanOrEqual(defaultLimits.properties);
  for (const values of state.userProperties.values()) {
    for (const user of values.keys()) expect([...state.users.keys()]).toContain(user);
    expect([...values.values()]).not.toContain('');
  }
  const instances = [...state.tabInstances.values()].flatMap((tabs) => [...tabs.values()]);
  expect(new Set(instances).size).toBe(instances.length);
  for (const [user, tabs] of state.tabInstances) {
    expect([...state.users.keys()]).toContain(user);
    expect(tabs.size).toBeGreaterThan(0);
  }
  for (const [user, mails] of state.mails) {
    expect([...state.users.keys()]).toContain(user);
    expect(mails.length).toBeGreaterThan(0);
    expect(new Set(mails.map(({ kind }) => kind)).size).toBe(mails.length);
    expect(new Set(mails.map(({ mail_id }) => mail_id)).size).toBe(mails.length);
  }
  for (const [user, tokens] of state.passwordTokens) {
    expect([...state.users.keys()]).toContain(user);
    expect(tokens.length).toBeLessThanOrEqual(MOST_PASSWORD_TOKENS);
  }
  for (const { built_in, id } of state.groups.values())
    if (built_in) expect(state.memberships.byOther.get(id)?.size ?? 0).toBe(0);
}

/** Each key with its only owner; a key that two have fails. */
function index<T extends { id: string }>(
  all: readonly T[],
  keyOf: (one: T) => string | null,
): Map<string, string> {
  const keyed = all.flatMap((one) => {
    const key = keyOf(one);
    return key === null ? [] : [[key, one.id] as const];
  });
  const owners = new Map(keyed);
  expect(owners.size).toBe(keyed.length);
  return owners;
}

/** T225: nobody comes into an account whose seats are taken; there may be fewer seats than users since. */
export function checkSeats(state: AccountState, events: readonly DomainEvent[]): void {
  const seats = state.client.get('client')?.seats ?? -1;
  const isCreated = events.some(({ type }) => type === 'UserCreated' || type === 'UserRestored');
  if (isCreated && seats >= 0) expect(state.users.size).toBeLessThanOrEqual(seats);
}

export function holdingsOfAll(state: AccountState): Map<string, Holdings> {
  return new Map([...state.users.keys()].map((id) => [id, holdingsOf(state, id)]));
}

/** X56, X57: whatever a user did, nobody holds or controls more by it than that user held before. */
export function checkNothingEscalated(
  { meta: { actor } }: Command,
  events: readonly DomainEvent[],
  before: ReadonlyMap<string, Holdings>,
  after: ReadonlyMap<string, Holdings>,
): void {
  if (actor.kind !== 'user') return;
  const own = before.get(actor.id) ?? new Set();
  for (const [id, holdings] of after) expect(covers(own, gained(before.get(id), holdings))).toBe(true);
  for (const event of events) {
    if (event.type === 'ApiKeyIssued' || event.type === 'UserEmailChanged')
      expect(covers(own, before.get(event.data.user_id) ?? new Set())).toBe(true);
  }
}

function gained(before: Holdings = new Set(), after: Holdings): Holdings {
  if (before === 'everything') return new Set();
  return after === 'everything' ? after : new Set([...after].filter((permission) => !before.has(permission)));
}
