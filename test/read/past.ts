import { expect } from '@jest/globals';
import { builtInRoles } from '../../src/domain/built-in-roles.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import type { Moment } from '../../src/read/moment.js';
import { CommandsFor } from '../support/commands.js';
import { recordsOf } from '../support/execute.js';
import { Instance } from '../support/views.js';
import { type KnownIds, questionsAbout } from './question-samples.js';
import { RandomLog, type Step } from './random-log.js';

/** Every id that an account's stream names, whatever became of it. */
function idsIn(records: readonly AccountEventRecord[], { admin, allUsers }: CommandsFor): KnownIds {
  const named = (field: string) =>
    records.flatMap(({ event: { data } }) =>
      Object.entries(data).flatMap(([name, id]) => (name === field ? [String(id)] : [])),
    );
  const all = (...ids: readonly string[]) => [...new Set([...ids, 'none'])];
  return {
    users: all(admin, ...named('user_id')),
    groups: all(allUsers, ...named('group_id')),
    roles: all(...builtInRoles.map(({ id }) => id), ...named('role_id')),
    clients: all('client', 'later'),
  };
}

/** What an instance answers to every registered query at a moment, refusals among the answers. */
function answersAt(instance: Instance, at: Moment, known: KnownIds): string[] {
  return questionsAbout(at, known).map((question) => {
    const answer = () => {
      try {
        return instance.ask(question);
      } catch (error) {
        if (error instanceof Rejection) return error.code;
        throw error;
      }
    };
    return `${JSON.stringify(question, (name, value: unknown) => (name === 'at' ? undefined : value))} ${JSON.stringify(answer())}`;
  });
}

const accounts = [new CommandsFor('acme'), new CommandsFor('client')];

/**
 * Runs commands, and asks every registered query about every revision that ends one: what it says once the whole
 * history is there must be what it said while that revision was the last.
 */
export async function expectPastToStand(drafts: readonly Step[]): Promise<void> {
  const store = new MemoryEventStore();
  const whole = await Instance.start(store);
  await new RandomLog().run(whole.execute, drafts);
  for (const account of accounts) {
    const records = await recordsOf(store, account.account);
    const known = idsIn(records, account);
    // Another instance sees the history grow, command by command, and answers about each present.
    const growing = Instance.prepare(new MemoryEventStore());
    const { moments } = growing.views;
    let command: AccountEventRecord[] = [];
    for (const record of records) {
      command.push(record);
      if (record.metadata.index < record.metadata.count - 1) continue;
      await growing.projector.apply(account.account, command);
      command = [];
      const now = moments.now(account.account);
      expect(now).toMatchObject({ revision: record.revision, isPast: false });
      const then = whole.views.moments.at(account.account, record.revision);
      expect(answersAt(whole, then, known)).toEqual(answersAt(growing, now, known));
    }
    await growing.stop();
  }
  await whole.stop();
}
