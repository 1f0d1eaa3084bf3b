import { randomUUID } from 'node:crypto';
import { bytesOf, evolve } from '../domain/account-state.js';
import type { Command } from '../domain/aggregates.js';
import type { OtherAccounts } from '../domain/questions.js';
import { decide, stateAfter } from '../domain/decide.js';
import { rollBack } from '../domain/journaled-map.js';
import { Rejection } from '../domain/rejection.js';
import { encode, type EncodedEvent } from '../event-store/codec.js';
import { sizeOf } from '../event-store/event-store.js';
import type { CachedAccount } from './cached-account.js';
import type { ForeignAuthorities } from './foreign-authorities.js';
import type { Growth } from './growth.js';
import type { Outcome } from './outcome.js';
import type { WaitingCommand } from './waiting-commands.js';

/** What was decided about one command, before it is stored. */
export interface Decision {
  readonly waiting: WaitingCommand;
  readonly events: readonly EncodedEvent[];
  /** The answer once the events are stored: an outcome, or a refusal or fault without events. */
  readonly result: { readonly outcome: Outcome } | { readonly error: unknown };
}

/** What one append may carry. */
export interface Limits {
  readonly bytes: number;
  readonly events: number;
  /** How far the account may grow. */
  readonly growth: Growth;
}

/**
 * Decides waiting commands one after the other. Each is decided on the state that those before it left.
 * Stops before a command with events that do not fit into the same append.
 * The state's journal stays open.
 */
export function decideTogether(
  account: CachedAccount,
  commands: readonly WaitingCommand[],
  foreign: ForeignAuthorities,
  elsewhere: OtherAccounts,
  limits: Limits,
  now: () => Date,
): Decision[] {
  const decided: Decision[] = [];
  let [bytes, count] = [0, 0];
  for (const waiting of commands) {
    const mark = account.state.journal.length;
    const time = now().toISOString();
    try {
      const at = { revision: account.revision + count, time };
      const { events, size } = decideOne(account, waiting.command, foreign, elsewhere, at, limits);
      if (count > 0 && (bytes + size > limits.bytes || count + events.length > limits.events)) {
        rollBack(account.state.journal, mark);
        return decided;
      }
      if (waiting.isRehearsal) rollBack(account.state.journal, mark);
      else {
        bytes += size;
        count += events.length;
      }
      const outcome = {
        ...{ account: account.id, revision: account.revision + count, time },
        ...{
          events: events.map(({ record }) => record.event),
          after: stateAfter(waiting.command, account.state),
        },
      };
      decided.push({ waiting, events: waiting.isRehearsal ? [] : events, result: { outcome } });
    } catch (error) {
      rollBack(account.state.journal, mark);
      // A fault of our own is caught as well: it must not fail the commands that wait beside this one.
      decided.push({ waiting, events: [], result: { error } });
    }
  }
  return decided;
}

function tooLarge(size: number, { bytes }: Limits): Rejection {
  const what = `This would record ${size.toLocaleString('en')} bytes`;
  return new Rejection(
    'change_too_large',
    `${what}, and ${bytes.toLocaleString('en')} at most can be stored at once. Do it in smaller parts; what was deleted and is so large must be made anew`,
  );
}

/**
 * Decides a command, and applies its events to the state. What is too large is refused before that.
 * @param at the time, and the revision of the state: the account's plus the events decided before
 */
function decideOne(
  { id: account, state }: CachedAccount,
  command: Command,
  foreign: ForeignAuthorities,
  elsewhere: OtherAccounts,
  { revision, time }: { readonly revision: number; readonly time: string },
  limits: Limits,
): { readonly events: readonly EncodedEvent[]; readonly size: number } {
  const judged = foreign.of(command);
  const events = decide(command, state, judged.authority, elsewhere, limits.growth.limits);
  const actorRevision = judged.revision ?? revision;
  const place = { account, revision: revision + 1, actorRevision, time };
  const encoded = encode(events, command.meta, place, randomUUID);
  const size = encoded.reduce((sum, { proposed }) => sum + sizeOf(proposed), 0);
  if (size > limits.bytes) throw tooLarge(size, limits);
  const before = bytesOf(state);
  for (const { record } of encoded) evolve(state, record);
  if (size > 0) limits.growth.require(state, { command, events, size, gained: bytesOf(state) - before });
  return { events: encoded, size };
}

/** Tells the caller of a command what was decided. */
export function answer({ waiting, result }: Decision): void {
  if ('outcome' in result) waiting.resolve(result.outcome);
  else waiting.reject(result.error);
}
