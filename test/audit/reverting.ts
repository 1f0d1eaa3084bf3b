import type { ShownEntry } from '../../src/audit/answers.js';
import { entryOf } from '../../src/audit/entry/entry-of.js';
import type { Revertible } from '../../src/audit/revert/revertible.js';
import { stepsBack } from '../../src/audit/revert/inverses.js';
import { emptyAccountState, evolve } from '../../src/domain/account-state.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { Rejection } from '../../src/domain/rejection.js';
import { RevertCommand } from '../../src/domain/revert.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { type KnownIds, questionsAbout } from '../read/question-samples.js';
import { system } from '../support/domain.js';
import { recordsOf } from '../support/execute.js';
import type { Instance } from '../support/views.js';
import { nowhere } from './told.js';

/** Keys and mails stay ended. Pages of a user's roles are in the order in which these were given; ListAssociations has all. */
const ofHistory = ['ListApiKeys', 'ListMails', 'ListRolesOfUser'];

/** Whatever can be asked about an account, with its answers. */
export function answers(from: Instance, account: string, known: KnownIds): string[] {
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

/**
 * Roles of a user are listed in the order in which they were given, and names of properties in that in which they were
 * added. A revert does not bring that back.
 */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unordered).sort(byText);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, unordered(one)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => one.localeCompare(other)));
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}

/** The events of the newest command of an account, as its audit log shows them. */
export async function lastCommand(store: EventStore, account: string): Promise<Revertible[]> {
  const state = emptyAccountState();
  const events: (Revertible & Pick<ShownEntry, 'command_id'>)[] = [];
  for (const record of await recordsOf(store, account)) {
    events.push({ ...entryOf(state, record, nowhere), event: record.event.type });
    evolve(state, record);
  }
  const last = events.at(-1);
  return events.filter(({ command_id }) => command_id === last?.command_id);
}

/** The inverse of a command; undefined when it has none. */
export function inverseOf(events: readonly Revertible[], account: string): RevertCommand | undefined {
  const meta: CommandMeta = { ...system, commandId: `revert-${account}-${events.at(-1)?.revision ?? ''}` };
  try {
    return new RevertCommand(account, { steps: stepsBack(events, account, meta) }, meta);
  } catch (error) {
    if (error instanceof Rejection && error.code === 'not_revertible') return undefined;
    throw error;
  }
}
