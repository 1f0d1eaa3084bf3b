import { randomUUID } from 'node:crypto';
import { type DomainEvent, evolve } from '../domain/account-state.js';
import { type Authority, authorityOf, type Command, decide } from '../domain/decide.js';
import { rollBack } from '../domain/journaled-map.js';
import { Rejection } from '../domain/rejection.js';
import { encode, type EncodedEvent } from '../event-store/codec.js';
import { sizeOf } from '../event-store/event-store.js';
import type { CachedAccount } from './cached-account.js';

/** What became of a command that was not refused. */
export interface Outcome {
  readonly account: string;
  /** The account's revision with the command done: of its last event, or of the state that needed no change. */
  readonly revision: number;
  readonly events: readonly DomainEvent[];
}

/** A command that waits for its turn, and whom to tell. */
export interface Waiting {
  readonly command: Command;
  /** When it came, in milliseconds since the epoch. */
  readonly since: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The actor's rights as another account states them, with that account's revision; undefined when it has no say here. */
export interface ForeignAuthority extends Authority {
  readonly revision: number | undefined;
}

export interface Decided {
  readonly waiting: Waiting;
  readonly events: readonly EncodedEvent[];
  readonly rejection?: Rejection;
}

/** What one append may carry. */
export interface Limits {
  readonly bytes: number;
  readonly events: number;
}

const operator: Authority = { holdings: 'everything', inCompany: true };

/**
 * Decides waiting commands one after the other on the account's state, each on what those before it left.
 * Stops before the command whose events would not fit into the same append. The state's journal stays open.
 * @param foreign the rights of actors from other accounts, see {@link actorKey}
 */
export function decideBatch(
  account: CachedAccount,
  commands: readonly Waiting[],
  foreign: ReadonlyMap<string, ForeignAuthority>,
  limits: Limits,
  now: () => Date,
): Decided[] {
  const decided: Decided[] = [];
  let [bytes, count] = [0, 0];
  let time = account.time;
  for (const waiting of commands) {
    const mark = account.state.journal.length;
    const clock = now().toISOString();
    time = clock > time ? clock : time;
    try {
      const events = decideOne(account, waiting.command, foreign, time);
      const size = events.reduce((sum, { proposed }) => sum + sizeOf(proposed), 0);
      if (size > limits.bytes)
        throw new Rejection('payload_too_large', 'The change is too large to be stored as one');
      if (count > 0 && (bytes + size > limits.bytes || count + events.length > limits.events)) {
        rollBack(account.state.journal, mark);
        return decided;
      }
      bytes += size;
      count += events.length;
      decided.push({ waiting, events });
    } catch (error) {
      rollBack(account.state.journal, mark);
      if (!(error instanceof Rejection)) throw error;
      decided.push({ waiting, events: [], rejection: error });
    }
  }
  return decided;
}

/** Names an actor who belongs to another account than the one the command is for; undefined for everybody else. */
export function actorKey({ account, meta: { actor } }: Command): string | undefined {
  return actor.type === 'user' && actor.account !== account ? `${actor.account}/${actor.id}` : undefined;
}

function decideOne(
  { state, revision }: CachedAccount,
  command: Command,
  foreign: ReadonlyMap<string, ForeignAuthority>,
  time: string,
): EncodedEvent[] {
  const { actor } = command.meta;
  const key = actorKey(command);
  const elsewhere = key === undefined ? undefined : foreign.get(key);
  const authority = elsewhere ?? (actor.type === 'user' ? authorityOf(state, actor.id) : operator);
  const events = decide(command, state, authority);
  for (const event of events) evolve(state, event);
  return encode(events, command.meta, elsewhere?.revision ?? revision, time, randomUUID);
}
