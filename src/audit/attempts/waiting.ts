import type { AttemptBatch, KeptAttempt, KeptWrite } from '../../event-store/attempt-log.js';
import type { Counted } from './flood.js';

/** How many attempts wait at most, and how many writes. */
const MOST_WAITING = 20_000;
const MOST_ROWS = 200;

/** A batch of an account, and the attempts that it tells of. */
export interface WaitingBatch {
  readonly account: string;
  readonly attempts: readonly Counted[];
  readonly batch: AttemptBatch;
}

/** What waits to be kept. */
export class Waiting {
  private attempts = new Set<Counted>();
  private writes = new Map<string, KeptWrite[]>();
  private writeCount = 0;

  get isEmpty(): boolean {
    return this.attempts.size + this.writeCount === 0;
  }

  /** @returns false when there is no room */
  addAttempt(counted: Counted): boolean {
    if (this.attempts.size >= MOST_WAITING && !this.attempts.has(counted)) return false;
    this.attempts.add(counted);
    return true;
  }

  /** @returns false when there is no room */
  addWrite(account: string, write: KeptWrite): boolean {
    if (this.writeCount >= MOST_WAITING) return false;
    const writes = this.writes.get(account) ?? [];
    if (writes.push(write) === 1) this.writes.set(account, writes);
    this.writeCount += 1;
    return true;
  }

  /** Takes all of it, in batches. */
  take(): WaitingBatch[] {
    const attempts = new Map<string, Counted[]>();
    for (const counted of this.attempts) {
      const known = attempts.get(counted.account);
      if (known) known.push(counted);
      else attempts.set(counted.account, [counted]);
    }
    const { writes } = this;
    this.attempts = new Set();
    this.writes = new Map();
    this.writeCount = 0;
    return [...new Set([...attempts.keys(), ...writes.keys()])].flatMap((account) =>
      batchesOf(account, attempts.get(account) ?? [], writes.get(account) ?? []),
    );
  }

  hasAttempts(account: string): boolean {
    for (const one of this.attempts) if (one.account === account) return true;
    return false;
  }

  /** Has a batch wait again. @returns how much of it there is no room for, and the writes that there is */
  putBack({ account, attempts, batch: { writes } }: WaitingBatch): {
    readonly lost: number;
    readonly kept: readonly KeptWrite[];
  } {
    const tried = attempts.filter((counted) => this.addAttempt(counted));
    const kept = writes.filter((write) => this.addWrite(account, write));
    return { lost: attempts.length - tried.length + writes.length - kept.length, kept };
  }
}

function batchesOf(
  account: string,
  attempts: readonly Counted[],
  writes: readonly KeptWrite[],
): WaitingBatch[] {
  const count = Math.ceil(Math.max(attempts.length, writes.length) / MOST_ROWS);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index * MOST_ROWS, (index + 1) * MOST_ROWS];
    const some = attempts.slice(from, to);
    const batch = { attempts: some.map(keptOf), writes: writes.slice(from, to) };
    return { account, attempts: some, batch };
  });
}

function keptOf({ attempt, repeated }: Counted): KeptAttempt {
  const { id, time, at, ...data } = attempt;
  return { id, time: Date.parse(time), at, data: JSON.stringify({ ...data, repeated }) };
}
