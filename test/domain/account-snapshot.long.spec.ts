import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RestoredState, snapshotOf } from '../../src/domain/account-snapshot.js';
import { type AccountState, bytesOf, evolve } from '../../src/domain/account-state.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { rollBack } from '../../src/domain/journaled-map.js';
import { Rejection } from '../../src/domain/rejection.js';
import {
  ALL_USERS,
  attempt,
  client,
  group,
  inGroup,
  inRole,
  property,
  role,
  shared,
  stateOf,
  tabs,
  user,
  valued,
  recorded,
} from '../support/domain.js';
import { dump } from './dump.js';
import { clientSteps } from './random-client-commands.js';
import { cast, type Step, steps } from './random-commands.js';

const company: DomainEvent[] = [
  { type: 'CompanyOpened', data: { name: 'one', all_users_group_id: ALL_USERS } },
  ...cast,
  inRole('ann', adminRole.id),
];

/** What a snapshot of the state gives back, after its way through a file. */
function restored(state: AccountState): AccountState {
  const restored = new RestoredState();
  for (const { part, items } of snapshotOf(state)) restored.add({ part, items: items.map(throughFile) });
  return restored.state;
}

function throughFile(item: unknown): unknown {
  return JSON.parse(JSON.stringify(item));
}

/** The events of the commands that are not refused. */
function logOf(history: readonly DomainEvent[], sequence: readonly Step[]): DomainEvent[] {
  const state = stateOf(history);
  const log = [...history];
  for (const { draft } of sequence) {
    const decision = attempt(draft(countIn(log, history)), state);
    if (decision instanceof Rejection) continue;
    for (const event of decision) evolve(state, recorded(event));
    log.push(...decision);
  }
  return log;
}

function countIn(log: readonly DomainEvent[], history: readonly DomainEvent[]) {
  return (type: DomainEvent['type']) =>
    log.slice(history.length).filter((event) => event.type === type).length;
}

/** Holds a restored state against the folded one at every place of the log. */
function checkEveryCut(history: readonly DomainEvent[], sequence: readonly Step[]): void {
  const log = logOf(history, sequence);
  const full = dump(stateOf(log));
  const commands = sequence.map(({ draft }) => draft(countIn(log, history)));
  for (let cut = 0; cut <= log.length; cut += 1) {
    const folded = stateOf(log.slice(0, cut));
    const state = restored(folded);
    const before = dump(folded);
    expect(state.journal).toHaveLength(0);
    expect(dump(state)).toBe(before);
    expect(bytesOf(state)).toBe(bytesOf(folded));
    for (const command of commands) expect(attempt(command, state)).toEqual(attempt(command, folded));
    for (const event of log.slice(cut)) evolve(state, recorded(event));
    expect(dump(state)).toBe(full);
    rollBack(state.journal);
    expect(dump(state)).toBe(before);
    expect(bytesOf(state)).toBe(bytesOf(folded));
  }
}

const runs = { numRuns: 50, seed: 20_240_229 };

describe('a snapshot and the events after it', () => {
  it('are the same as all events, wherever the snapshot was taken, in a company', () =>
    fc.assert(
      fc.property(steps, (sequence) => checkEveryCut(company, sequence)),
      runs,
    ));
  it('are the same as all events, wherever the snapshot was taken, in a client account', () =>
    fc.assert(
      fc.property(clientSteps, (sequence) =>
        checkEveryCut([client(4, { status: 'trial' }), ...cast], sequence),
      ),
      runs,
    ));
});

describe('a snapshot', () => {
  const numbers = Array.from({ length: 2500 }, (_, number) => number);
  const many = stateOf(
    company,
    numbers.flatMap((n) => [user(`user${n}`), group(`group${n}`), role(`role${n}`)]),
    numbers.flatMap((n) => [inGroup('ann', `group${n}`, n % 2 === 0), inRole('ann', `role${n}`)]),
    numbers.map((n) => inGroup(`user${n}`, 'plain')),
    numbers.map((n) => shared('globex', `group${n}`, n % 2 === 0)),
  );

  it('comes in entries of about a millisecond each, however many things one user is in', () => {
    const entries = [...snapshotOf(many)];
    expect(entries.length).toBeGreaterThan(10);
    expect(Math.max(...entries.map((entry) => JSON.stringify(entry).length))).toBeLessThan(100_000);
    expect(dump(restored(many))).toBe(dump(many));
  });
  it('keeps the order of default tabs', () => {
    const tab_ids = Array.from({ length: 400 }, (_, n) => `tab${399 - n}`);
    const tabbed = stateOf(
      company,
      numbers.slice(0, 5).flatMap((n): DomainEvent[] => {
        const group_id = `group${n}`;
        return [group(group_id), { type: 'GroupDefaultTabsAdded', data: { group_id, tab_ids } }];
      }),
    );
    expect(restored(tabbed).defaultTabs.get('group4')).toEqual(tab_ids);
    expect(dump(restored(tabbed))).toBe(dump(tabbed));
  });
  it('comes in slices of as many values as are short, or fewer that are long', () => {
    const names = ['short', 'long', 'none'];
    const state = stateOf(
      ...[company, names.map(property), numbers.map((n) => user(`user${n}`))],
      numbers.map((n) => valued(`user${n}`, { short: String(n), long: 'x'.repeat(4000) })),
      numbers.map((n) => tabs('ann', [`i${n}`, `tab${n}`])),
    );
    const entries = [...snapshotOf(state)].filter(({ part }) => part === 'userProperties');
    const items = entries.flatMap((entry) => entry.items);
    expect(Math.max(...items.map((item) => JSON.stringify(item).length))).toBeLessThan(200_000);
    expect(items.length).toBeGreaterThan(50);
    expect(dump(restored(state))).toBe(dump(state));
  });
  it('lets memberships share their values', () => {
    const ofAnn = [...(restored(many).memberships.bySubject.get('ann')?.values() ?? [])];
    expect([ofAnn.length, new Set(ofAnn).size]).toEqual([2500, 2]);
  });
  it('of an empty state holds the built-in roles alone', () =>
    expect([...snapshotOf(stateOf())]).toEqual([
      { part: 'roles', items: builtInRoles.map((one) => [one.id, one]) },
    ]));
  it('is refused when a membership is in a group without a number, and when it has a part that there is not', () => {
    expect(() => new RestoredState().add({ part: 'memberships', items: [['ann', {}, [0]]] })).toThrow(
      'nothing with the number 0',
    );
    expect(() => new RestoredState().add({ part: 'toString', items: [] })).toThrow('no part toString');
  });
});
