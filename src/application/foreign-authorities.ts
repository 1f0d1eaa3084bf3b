import { isDeepStrictEqual } from 'node:util';
import type { AccountState } from '../domain/account-state.js';
import type { Command } from '../domain/aggregates.js';
import { type Authority, authorityOf, limitedIn, powerless, unlimited } from '../domain/authority.js';
import type { Rejection } from '../domain/rejection.js';
import { StoreUnavailable } from '../event-store/event-store.js';
import type { Waiting } from './batch.js';
import { unavailable } from './unavailable.js';

/** The actor's rights as another account states them, with that account's revision; undefined when it has no say here. */
export interface ForeignAuthority extends Authority {
  readonly revision: number | undefined;
}

/** A user of another account whose rights there a command rests on: its actor, or who limits its actor's API key. */
export interface Guest {
  readonly account: string;
  readonly id: string;
  readonly isIssuer: boolean;
  /** Id of the API key that was sent. */
  readonly key?: string | undefined;
}

/** What a command may rest on, and at which revision of the actor's own account that was seen if it is another one. */
interface Judged {
  readonly authority: Authority;
  readonly revision: number | undefined;
}

/** What the commands of actors from another account hear when that account cannot be read. */
interface Failure {
  readonly failure: Rejection;
}

const nobody: ForeignAuthority = { ...powerless, revision: undefined };

/** For one batch of commands to one account: the rights of those who act in it or limit who does, and belong to another. */
export class ForeignAuthorities {
  private readonly known = new Map<string, ForeignAuthority | Failure>();
  private readonly proofs = new Map<string, Promise<ForeignAuthority>>();
  /** Why something may be known at the next try that is not known now. */
  lost: StoreUnavailable | undefined;
  private readonly guests = new Map<Command, readonly Guest[]>();

  /**
   * @param state the account's own; who limits a key stands there
   * @param ask what an account says of one of its users, and of the user's share rights in the account that is
   * changed, while the asker waits; on a log with other writers it reads the account first, lest rights that were taken elsewhere live on here
   */
  constructor(
    private readonly state: AccountState,
    private readonly ask: (guest: Guest, asker: Waiting) => Promise<ForeignAuthority>,
  ) {}

  /** Learns the rights of the guests from the parent account; whoever comes from elsewhere has none here. */
  async learn(waiting: readonly Waiting[]): Promise<void> {
    const parent = this.state.account.get('account')?.parent_id;
    for (const asker of waiting) {
      const { command } = asker;
      for (const guest of this.guestsOf(command)) {
        const key = keyOf(guest);
        if (this.known.has(key) || this.lost) continue;
        // Only the way up is taken, never the way down, so that two queues cannot wait for each other.
        const above = command.type === 'OpenClient' ? command.data.parent_id : parent;
        try {
          this.known.set(key, guest.account === above ? await this.ask(guest, asker) : nobody);
        } catch (error) {
          if (error instanceof StoreUnavailable) this.lost = error;
          else this.known.set(key, { failure: unavailable(error) });
        }
      }
    }
  }

  /** Whether the command rests on the account alone, or on guests who were learnt about, be it that nothing can be. */
  covers(command: Command): boolean {
    return this.guestsOf(command).every((guest) => this.known.has(keyOf(guest)));
  }

  /** What a command of the batch rests on. @throws Rejection unavailable */
  of(command: Command): Judged {
    const { actor } = command.meta;
    if (actor.type !== 'user') return { authority: unlimited, revision: undefined };
    const guests = this.guestsOf(command).map((guest) => this.knownOf(guest));
    if (actor.account !== command.account) {
      const [own = nobody] = guests;
      return { authority: own, revision: own.revision };
    }
    const own = authorityOf(this.state, actor.id, undefined, actor.key);
    return { authority: guests.reduce(limitedIn, own), revision: undefined };
  }

  /**
   * Whether what was learnt of the command's guests still holds at the head of their accounts. Those may have moved on:
   * one that is written all the time would otherwise let nobody hear of a refusal.
   */
  async stillHolds(asker: Waiting): Promise<boolean> {
    const guests = this.guestsOf(asker.command);
    const proofs = await Promise.all(guests.map((guest) => this.proofOf(guest, asker)));
    return proofs.every((holds) => holds);
  }

  private async proofOf(guest: Guest, asker: Waiting): Promise<boolean> {
    const key = keyOf(guest);
    const before = this.known.get(key);
    if (!before || 'failure' in before || before.revision === undefined) return true;
    const proof = this.proofs.get(key) ?? this.ask(guest, asker);
    this.proofs.set(key, proof);
    return isSame(before, await proof);
  }

  private knownOf(guest: Guest): ForeignAuthority {
    const authority = this.known.get(keyOf(guest)) ?? nobody;
    if ('failure' in authority) throw authority.failure;
    return authority;
  }

  /** Those on whom the command rests besides the account itself, as the state had it when the command was first seen. */
  private guestsOf(command: Command): readonly Guest[] {
    const guests = this.guests.get(command) ?? guestsIn(this.state, command);
    this.guests.set(command, guests);
    return guests;
  }
}

function guestsIn(state: AccountState, { account, meta: { actor } }: Command): readonly Guest[] {
  if (actor.type !== 'user') return [];
  if (actor.account !== account)
    return [{ account: actor.account, id: actor.id, key: actor.key, isIssuer: false }];
  const key = state.users.get(actor.id)?.keys.find(({ id }) => id === actor.key);
  return (key?.limited_by ?? [])
    .filter((limit) => limit.account !== account)
    .map((limit) => ({ account: limit.account, id: limit.user_id, isIssuer: true }));
}

function keyOf({ account, id, key = '', isIssuer }: Guest): string {
  return [account, id, key, isIssuer].join('/');
}

/** Whether both say the same, at whatever revisions. */
function isSame(one: ForeignAuthority, other: ForeignAuthority): boolean {
  return isDeepStrictEqual({ ...one, revision: 0 }, { ...other, revision: 0 });
}
