import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/application/outcome.js';
import type { Execute } from '../../src/application/execute.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, fold, recordsOf, runAll } from '../support/execute.js';

const ROUNDS = 1000;
const acme = new CommandsFor('acme');

interface Answer {
  readonly command: Command;
  /** The head of the stream before the command was sent and after it was answered. */
  readonly sent: number;
  readonly answered: number;
  readonly outcome: Outcome | Rejection;
}

async function ask(execute: Execute, command: Command): Promise<Omit<Answer, 'sent' | 'answered'>> {
  const outcome = await execute.run(command).catch((error: unknown) => {
    if (error instanceof Rejection) return error;
    throw error;
  });
  return { command, outcome };
}

/** Two instances change one membership at once, a thousand times. */
async function race() {
  const store = new MemoryEventStore(false);
  const [here, there] = [executeOn(store), executeOn(store)];
  await runAll(here, acme.open(), acme.createUser('bob'), acme.createGroup('editors'));
  const before = (await recordsOf(store, acme.account)).length;
  const answers: Answer[] = [];
  for (let [round, sent] = [0, before - 1]; round < ROUNDS; round += 1) {
    const asked = [
      () => ask(here, acme.removeFromGroup('bob', 'editors')),
      () => ask(there, acme.addToGroup('bob', 'editors')),
    ];
    if (round % 2 === 1) asked.reverse();
    const outcomes = await Promise.all(asked.map((start) => start()));
    const answered = sent + (await recordsOf(store, acme.account, sent)).length;
    answers.push(...outcomes.map((outcome) => ({ ...outcome, sent, answered })));
    sent = answered;
  }
  return { answers, before, records: await recordsOf(store, acme.account) };
}

describe('One instance removes a member while another adds it', () => {
  it('acknowledges what is in the log or was true at its revision, and refuses nothing on a stale state', async () => {
    const { answers, before, records } = await race();
    const state = fold([]);
    const wasMember = records.map((record) => {
      fold([record], state);
      return state.memberships.bySubject.get('bob')?.has('editors') ?? false;
    });
    const seen = { changed: 0, silent: 0, refused: 0 };
    for (const { command, sent, answered, outcome } of answers) {
      if (outcome instanceof Rejection) {
        seen.refused += 1;
        expect(outcome.code).toBe('user_not_in_group');
        expect(wasMember.slice(sent, answered + 1)).toContain(false);
        continue;
      }
      const { revision, events } = outcome;
      expect(revision).toBeGreaterThanOrEqual(sent);
      expect(revision).toBeLessThanOrEqual(answered);
      if (events.length === 0) {
        seen.silent += 1;
        expect(wasMember[revision]).toBe(true);
      } else {
        seen.changed += 1;
        expect(records[revision]?.metadata.command_id).toBe(command.meta.commandId);
        expect([records[revision]?.event]).toEqual(events);
      }
    }
    expect(records).toHaveLength(before + seen.changed);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});
