import type { Via } from '../../domain/command.js';
import type { Attempt } from './attempt.js';

/** How long further attempts of a kind are counted with the first one, in milliseconds. */
const WINDOW_MS = 60_000;
/** How many attempts of one outcome and code an account may have from one address within that time, each on its own. */
const MOST_FROM_ADDRESS = 100;
/** How many it may have from all addresses. */
const MOST_OF_ACCOUNT = 1_000;
/** How many attempts of all accounts are kept in mind. */
const MOST = 20_000;

/** An attempt by itself, and the door that it came to. */
export interface TriedAttempt extends Omit<Attempt, 'repeated'> {
  readonly via: Via;
}

/** An attempt that further ones are counted with. */
export interface Counted {
  readonly account: string;
  readonly attempt: TriedAttempt;
  repeated: number;
}

interface Group {
  readonly since: number;
  size: number;
  newest: Counted;
}

/** Counts attempts that say the same within a minute, and those of a flood with the newest of it. */
export class Flood {
  /** By all that they say; in the order of their beginning. */
  private readonly single = new Map<string, { readonly since: number; readonly counted: Counted }>();
  private readonly groups = new Map<string, Group>();

  /** How many attempts are kept in mind. */
  get size(): number {
    return this.single.size;
  }

  /**
   * @param now by any clock, in milliseconds
   * @returns what the attempt is counted with, maybe itself; undefined when there are too many
   */
  count(account: string, attempt: Counted['attempt'], now: number): Counted | undefined {
    forget(this.single, now);
    forget(this.groups, now);
    const { outcome, status, code, route, actor, claimed, credential, subjects, source } = attempt;
    const from = JSON.stringify([account, outcome, code, source.address]);
    const key = JSON.stringify([from, status, route, actor?.id, claimed, credential, subjects, source]);
    const kind = JSON.stringify([account, outcome, code]);
    const same = this.single.get(key)?.counted ?? this.fullest(from, kind, account);
    if (same) {
      same.repeated += 1;
      return same;
    }
    if (this.single.size >= MOST) return undefined;
    const counted: Counted = { account, attempt, repeated: 0 };
    this.single.set(key, { since: now, counted });
    for (const group of [from, kind, account]) this.join(group, counted, now);
    return counted;
  }

  /** What further attempts of a flood are counted with: its newest attempt from that address, or else of that kind. */
  private fullest(from: string, kind: string, account: string): Counted | undefined {
    const there = this.groups.get(from);
    if (there && there.size >= MOST_FROM_ADDRESS) return there.newest;
    const isFull = (this.groups.get(account)?.size ?? 0) >= MOST_OF_ACCOUNT;
    return isFull ? (there ?? this.groups.get(kind))?.newest : undefined;
  }

  private join(name: string, counted: Counted, now: number): void {
    const group = this.groups.get(name) ?? { since: now, size: 0, newest: counted };
    group.size += 1;
    group.newest = counted;
    this.groups.set(name, group);
  }
}

function forget(map: Map<string, { readonly since: number }>, now: number): void {
  for (const [key, { since }] of map) {
    if (now - since < WINDOW_MS) return;
    map.delete(key);
  }
}
