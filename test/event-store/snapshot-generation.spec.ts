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
  const known = { generation: 4, sum: '02262783736754ca841b71399077c23d8569ceb9368fc7d2a94a57f7db481809' };
  if (sum !== known.sum && GENERATION === known.generation)
    throw new Error(`Snapshots are not what they were: raise GENERATION, and write it here with ${sum}`);
  expect({ generation: GENERATION, sum }).toEqual(known);
});
