import type { Authority } from '../domain/authority.js';
import type { Command } from '../domain/command.js';
import type { Rejection } from '../domain/rejection.js';
import { unavailable } from './unavailable.js';

/** The actor's rights as another account states them, with that account's revision; undefined when it has no say here. */
export interface ForeignAuthority extends Authority {
  readonly revision: number | undefined;
}

/** What the commands of actors from another account hear when that account cannot be read. */
interface Failure {
  readonly failure: Rejection;
}

const nobody: ForeignAuthority = {
  ...{ holdings: new Set<string>(), inCompany: false, managesClient: false },
  revision: undefined,
};

/** For one batch of commands to one account: the rights of those actors who belong to another account. */
export class ForeignAuthorities {
  private readonly known = new Map<string, ForeignAuthority | Failure>();
  private readonly proofs = new Map<string, Promise<boolean>>();

  /**
   * @param ask what an account says of one of its users, and of the user's share rights in the account that is
   * changed; on a log with other writers it reads the account first, lest rights that were taken elsewhere live on here
   */
  constructor(private readonly ask: (account: string, userId: string) => Promise<ForeignAuthority>) {}

  /** Learns the rights of the actors from the parent account; whoever comes from elsewhere has none here. */
  async learn(commands: readonly Command[], parent: string | null | undefined): Promise<void> {
    for (const command of commands) {
      const { actor } = command.meta;
      const key = actorKey(command);
      if (key === undefined || this.known.has(key) || actor.type !== 'user') continue;
      // Only the way up is taken, never the way down, so that two queues cannot wait for each other.
      const isParent = actor.account === (command.type === 'OpenClient' ? command.data.parent_id : parent);
      const authority = isParent ? this.ask(actor.account, actor.id) : nobody;
      this.known.set(key, await Promise.resolve(authority).catch(failed));
    }
  }

  /** Whether the command's actor belongs to the account itself or was learnt about. */
  covers(command: Command): boolean {
    const key = actorKey(command);
    return key === undefined || this.known.has(key);
  }

  /** @returns undefined for an actor of the account itself @throws Rejection unavailable */
  of(command: Command): ForeignAuthority | undefined {
    const authority = this.known.get(actorKey(command) ?? '');
    if (authority && 'failure' in authority) throw authority.failure;
    return authority;
  }

  /** Whether what was learnt of the actor still holds at the head of the actor's account. */
  async stillHolds(command: Command): Promise<boolean> {
    const { actor } = command.meta;
    const key = actorKey(command);
    const before = this.known.get(key ?? '');
    if (key === undefined || actor.type !== 'user' || !before || 'failure' in before) return true;
    if (before.revision === undefined) return true;
    const proof =
      this.proofs.get(key) ??
      this.ask(actor.account, actor.id).then(({ revision }) => revision === before.revision);
    this.proofs.set(key, proof);
    return proof;
  }
}

/** Names an actor who belongs to another account than the one the command is for; undefined for everybody else. */
function actorKey({ account, meta: { actor } }: Command): string | undefined {
  return actor.type === 'user' && actor.account !== account ? `${actor.account}/${actor.id}` : undefined;
}

function failed(error: unknown): Failure {
  return { failure: unavailable(error) };
}
