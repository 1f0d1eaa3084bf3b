import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { GENERATION, snapshotOf } from '../../src/domain/account-snapshot.js';
import { type AccountState, emptyAccountState, evolve } from '../../src/domain/account-state.js';
import { decode } from '../../src/event-store/codec.js';
import { records } from '../support/golden.js';

/** The snapshots of the golden records, one after each event. */
function snapshots(): string {
  const states = new Map<string, AccountState>();
  return records
    .map((record) => {
      const { account, event } = decode(record);
      const state = states.get(account) ?? emptyAccountState();
      states.set(account, state);
      evolve(state, event);
      return JSON.stringify([event.type, [...snapshotOf(state)]]);
    })
    .join('\n');
}

test('the same events lead to the same snapshots within a generation', () => {
  const sum = createHash('sha256').update(snapshots()).digest('hex');
  const known = { generation: 3, sum: '40a83d145ec73274202a605181736c3750ac4e4da91dd4e77f89f3b61486d9dc' };
  if (sum !== known.sum && GENERATION === known.generation)
    throw new Error(`Snapshots are not what they were: raise GENERATION, and write it here with ${sum}`);
  expect({ generation: GENERATION, sum }).toEqual(known);
});
