import { isDeepStrictEqual } from 'node:util';
import type { AccountState } from '../domain/account-state.js';
import type { Command } from '../domain/aggregates.js';
import { type Authority, authorityOf, limitedIn, powerless, unlimited } from '../domain/authority.js';
import { apiKeyOf } from '../domain/command.js';
import type { Rejection } from '../domain/rejection.js';
import { StoreUnavailable } from '../event-store/event-store.js';
import { within } from '../event-store/within.js';
import type { ForeignAuthority, ForeignUser } from './foreign-authority.js';
import type { QueueContext } from './queue-context.js';
import { unavailable } from './unavailable.js';
import type { WaitingCommand } from './waiting-commands.js';

/**
 * The rights that a command rests on.
 * If the actor is of another account, they come with the revision of that account at which they were seen.
 */
interface Judged {
  readonly authority: Authority;
  readonly revision: number | undefined;
}

/** Answers a command when the account of its actor cannot be read. */
interface Failure {
  readonly failure: Rejection;
}

/** The least time for learning rights, in milliseconds, even for a command that has waited long. */
const SHORTEST_TRY_MS = 1_000;

const nobody: ForeignAuthority = { ...powerless, revision: undefined };

/** The rights of users of other accounts that the commands of one turn rest on. */
export class ForeignAuthorities {
  private readonly known = new Map<string, ForeignAuthority | Failure>();
  private readonly proofs = new Map<string, Promise<ForeignAuthority>>();
  /** Why some rights are not known now and may be at the next try. */
  lost: StoreUnavailable | undefined;
  private readonly foreignUsers = new Map<Command, readonly ForeignUser[]>();

  /**
   * @param id the id of the account that is changed
   * @param state the state of that account
   */
  constructor(
    private readonly id: string,
    private readonly state: AccountState,
    private readonly context: Pick<QueueContext, 'store' | 'queueOf'>,
  ) {}

  /**
   * Learns the rights of the foreign users from the parent account. Users of other accounts have none here.
   */
  async learn(waiting: readonly WaitingCommand[]): Promise<void> {
    const parent = this.state.account.get('account')?.parent_id;
    for (const asker of waiting) {
      const { command } = asker;
      for (const user of this.foreignUsersOf(command)) {
        const key = keyOf(user);
        if (this.known.has(key) || this.lost) continue;
        // Only the parent is asked, never a child. So two queues cannot wait for each other.
        const above = command.type === 'OpenClient' ? command.data.parent_id : parent;
        try {
          this.known.set(key, user.account === above ? await this.ask(user, asker) : nobody);
        } catch (error) {
          if (error instanceof StoreUnavailable) this.lost = error;
          else this.known.set(key, { failure: unavailable(error) });
        }
      }
    }
  }

  /**
   * Whether all rights that the command rests on were looked up, even if in vain.
   * A command may also rest on the account alone.
   */
  covers(command: Command): boolean {
    return this.foreignUsersOf(command).every((user) => this.known.has(keyOf(user)));
  }

  /** The rights that a command rests on. @throws Rejection unavailable */
  of(command: Command): Judged {
    const { actor } = command.meta;
    if (actor.kind !== 'user') return { authority: unlimited, revision: undefined };
    const users = this.foreignUsersOf(command).map((user) => this.knownOf(user));
    if (actor.account !== command.account) {
      const [own = nobody] = users;
      return { authority: own, revision: own.revision };
    }
    const own = authorityOf(this.state, actor.id, undefined, apiKeyOf(command.meta));
    return { authority: users.reduce(limitedIn, own), revision: undefined };
  }

  /**
   * Whether what was learnt of the foreign users of a command still holds at the head of their accounts.
   * Only the rights are compared, not the revisions. Otherwise no caller would hear a refusal while a parent
   * is written all the time.
   */
  async stillHolds(asker: WaitingCommand): Promise<boolean> {
    if (this.context.store.soleWriter) return true;
    const users = this.foreignUsersOf(asker.command);
    const proofs = await Promise.all(users.map((user) => this.proofOf(user, asker)));
    return proofs.every((holds) => holds);
  }

  private async proofOf(user: ForeignUser, asker: WaitingCommand): Promise<boolean> {
    const key = keyOf(user);
    const before = this.known.get(key);
    if (!before || 'failure' in before || before.revision === undefined) return true;
    const proof = this.proofs.get(key) ?? this.ask(user, asker);
    this.proofs.set(key, proof);
    return isSame(before, await proof);
  }

  /**
   * What an account now says of one of its users.
   * On a log with other writers the account is read first, because those may have taken rights.
   */
  private ask(user: ForeignUser, { deadline }: WaitingCommand): Promise<ForeignAuthority> {
    const { store, queueOf } = this.context;
    // The store may hold up the other queue as well.
    const left = Math.max(deadline - performance.now(), SHORTEST_TRY_MS);
    const late = () =>
      new StoreUnavailable(`What the account ${user.account} says of its user is not known in time`);
    return within(left, queueOf(user.account).authority(user, this.id, !store.soleWriter), late);
  }

  private knownOf(user: ForeignUser): ForeignAuthority {
    const authority = this.known.get(keyOf(user)) ?? nobody;
    if ('failure' in authority) throw authority.failure;
    return authority;
  }

  /**
   * The users of other accounts that the command depends on.
   * They are those of the state at which the command was first seen.
   */
  private foreignUsersOf(command: Command): readonly ForeignUser[] {
    const users = this.foreignUsers.get(command) ?? foreignUsersIn(this.state, command);
    this.foreignUsers.set(command, users);
    return users;
  }
}

function foreignUsersIn(state: AccountState, { account, meta }: Command): readonly ForeignUser[] {
  const { actor } = meta;
  if (actor.kind !== 'user') return [];
  if (actor.account !== account)
    return [{ account: actor.account, id: actor.id, key: apiKeyOf(meta), isIssuer: false }];
  const key = state.apiKeys.get(actor.id)?.find(({ id }) => id === apiKeyOf(meta));
  return (key?.limited_by ?? [])
    .filter((limit) => limit.account !== account)
    .map((limit) => ({ account: limit.account, id: limit.user_id, isIssuer: true }));
}

function keyOf({ account, id, key = '', isIssuer }: ForeignUser): string {
  return [account, id, key, isIssuer].join('/');
}

/** Whether both state the same rights, whatever their revisions are. */
function isSame(one: ForeignAuthority, other: ForeignAuthority): boolean {
  return isDeepStrictEqual({ ...one, revision: 0 }, { ...other, revision: 0 });
}
