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
  const known = { generation: 1, sum: 'e093ad234d887a37ef94fda32c28b45b0a4b2ec1b75aaa2eb40f23f21aa5f6e2' };
  if (sum !== known.sum && GENERATION === known.generation)
    throw new Error(`Snapshots are not what they were: raise GENERATION, and write it here with ${sum}`);
  expect({ generation: GENERATION, sum }).toEqual(known);
});
