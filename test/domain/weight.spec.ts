import { describe, expect, it } from '@jest/globals';
import { bytesOf, evolve } from '../../src/domain/account-state.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { rollBack } from '../../src/domain/journaled-map.js';
import { weightOf } from '../../src/domain/weight.js';
import { company, group, inGroup, recorded, stateOf, user } from '../support/domain.js';

const names = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => String(index).padEnd(length, 'x'));
const bytes = (...events: DomainEvent[]) => bytesOf(stateOf(company, events)) - bytesOf(stateOf(company));

describe('X87: the bytes of a state', () => {
  it('are at least those of its texts and of the places that they stand in', () => {
    const permissions = names(64_000, 5);
    const least = permissions.length * (5 + 16 + 8);
    expect(bytes(group('g', { permissions }))).toBeGreaterThan(least);
    expect(bytes(group('g', { permissions }))).toBeLessThan(2 * least);
  });

  it('count two for each character of a text with one beyond Latin-1', () =>
    expect(weightOf('語'.repeat(100)) - weightOf('é'.repeat(100))).toBe(100));

  it('are fewer once something is taken away, and as many as before once a change is undone', () => {
    const state = stateOf(company, user('bob'), group('g'), inGroup('bob', 'g'));
    const before = bytesOf(state);
    evolve(state, recorded({ type: 'UserRemovedFromGroup', data: { user_id: 'bob', group_id: 'g' } }));
    expect(bytesOf(state)).toBe(bytesOf(stateOf(company, user('bob'), group('g'))));
    expect(bytesOf(state)).toBeLessThan(before);
    evolve(state, recorded({ type: 'GroupDeleted', data: { group_id: 'g' } }));
    rollBack(state.journal);
    expect(bytesOf(state)).toBe(before);
  });
});
