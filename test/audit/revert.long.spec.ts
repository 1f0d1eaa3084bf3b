import { afterEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ShownEntry } from '../../src/audit/answers.js';
import { entryOf } from '../../src/audit/entry/entry-of.js';
import { inverseOf } from '../../src/audit/revert/inverse.js';
import { emptyAccountState, evolve } from '../../src/domain/account-state.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { Rejection } from '../../src/domain/rejection.js';
import { RevertCommand } from '../../src/domain/revert.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { type KnownIds, questionsAbout } from '../read/question-samples.js';
import { RandomLog, type Step, stepsOf } from '../read/random-log.js';
import { CommandsFor } from '../support/commands.js';
import { system } from '../support/domain.js';
import { recordsOf } from '../support/execute.js';
import { Instance } from '../support/views.js';
import { nowhere } from './told.js';

let instance: Instance | undefined;
afterEach(() => instance?.stop());

/** Keys and mails stay ended. */
const ofHistory = ['ListApiKeys', 'ListMails'];

function answers(from: Instance, account: string, known: KnownIds): string[] {
  return questionsAbout(from.now(account), known)
    .filter(({ type }) => !ofHistory.includes(type))
    .map((question) => {
      const about = JSON.stringify(question, (name, value: unknown) => (name === 'at' ? undefined : value));
      try {
        return `${about} ${JSON.stringify(unordered(from.ask(question)))}`;
      } catch (error) {
        if (error instanceof Rejection) return `${about} ${error.code}`;
        throw error;
      }
    });
}

/** Roles of a user are listed in the order in which they were given, which a revert does not bring back. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered).sort(byText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unordered(one)]));
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}

const known = (account: string): KnownIds => {
  const { admin, allUsers } = new CommandsFor(account);
  const made = (kind: string) => Array.from({ length: 6 }, (_, n) => `${account}-${kind}${n}`);
  return {
    ...{ users: [admin, ...made('u')], groups: [allUsers, ...made('g')], roles: made('r') },
    clients: ['client', 'later'],
  };
};

/** The inverse of the newest command of an account; undefined when it has none. */
async function inverseOfLast(store: MemoryEventStore, account: string): Promise<RevertCommand | undefined> {
  const state = emptyAccountState();
  const entries: ShownEntry[] = [];
  for (const record of await recordsOf(store, account)) {
    entries.push(entryOf(state, record, nowhere));
    evolve(state, record);
  }
  const last = entries.at(-1);
  const meta: CommandMeta = { ...system, commandId: `revert-${account}-${entries.length}` };
  const own = entries.filter(({ command_id }) => command_id === last?.command_id);
  const steps = own.map((entry) => inverseOf(entry, account, meta));
  return steps.includes(undefined)
    ? undefined
    : new RevertCommand(account, { steps: steps.flatMap((some) => some ?? []) }, meta);
}

it('after a revert every answer about the account is what it was before the command, over random histories', async () => {
  const reverted = new Set<string>();
  const property = fc.asyncProperty(stepsOf(20, 30), async (steps: Step[]) => {
    const store = new MemoryEventStore();
    instance = await Instance.start(store);
    const [log, { execute }] = [new RandomLog(), instance];
    const run = async (step: Step) => {
      const { account } = step;
      const of = known(account);
      const at = instance?.now(account).revision ?? 0;
      const before = instance ? answers(instance, account, of) : [];
      await log.take(execute, step);
      if (!instance || instance.now(account).revision === at) return;
      const inverse = await inverseOfLast(store, account);
      if (!inverse) return;
      try {
        const { events } = await execute.run(inverse);
        for (const { type } of events) reverted.add(type);
      } catch (error) {
        // What the inverse may refuse right after the command: an account with an Admin keeps one, a closed one is closed.
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(admin_role_requires_user|client_not_found)$/),
        });
        return;
      }
      expect(answers(instance, account, of)).toEqual(before);
    };
    await log.begin(execute);
    for (const step of steps) await run(step);
    await instance.stop();
    instance = undefined;
  });
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
  expect([...reverted]).toEqual(expect.arrayContaining(['UserRemovedFromGroup', 'GroupRenamed']));
}, 120_000);
