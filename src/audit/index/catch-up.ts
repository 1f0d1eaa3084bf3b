import { LRUCache } from 'lru-cache';
import { AccountTooLarge, requireMemory } from '../../application/account-too-large.js';
import { RefusedAccounts } from '../../application/refused-accounts.js';
import { Rejection } from '../../domain/rejection.js';
import { type AccountEventRecord, decode } from '../../event-store/codec.js';
import { NO_STREAM, type RecordedEvent, StoreUnavailable } from '../../event-store/event-store.js';
import type { AuditSource } from '../source.js';
import { isOfDatabase } from './audit-database.js';
import type { IndexedAccount } from './audit-tables.js';
import { foldedState } from './folding.js';
import { needsOf } from './needs.js';
import { Pace } from './pace.js';
import type { Session } from './session.js';
import type { FoldedState } from './states.js';

/** Events that are indexed in one go: some milliseconds. */
const SLICE = 50;

/** Of how many accounts it is remembered that the log bears out their last entry. */
const MOST_VERIFIED = 100_000;

/** Somebody who waits until an account is indexed to a revision. */
interface Waiting {
  readonly account: string;
  readonly revision: number;
  readonly done: (error?: Error) => void;
}

/** Brings accounts into the index, one page of events at a time; those that are asked for come first. */
export class CatchUp {
  private readonly waiting = new Set<Waiting>();
  /** Accounts of which the last entry was compared with the log. For a forgotten one it is compared again. */
  private readonly verified = new LRUCache<string, true>({ max: MOST_VERIFIED });
  private readonly refused = new RefusedAccounts();

  constructor(
    private readonly session: Session,
    private readonly source: AuditSource,
    private readonly closing: AbortSignal,
  ) {}

  /** Resolves when an account is indexed to a revision; {@link serve} must be called for that to happen. */
  reached(account: string, revision: number): Promise<void> {
    if (this.isAt(account, revision)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ...{ account, revision },
        done: (error) => {
          this.waiting.delete(waiting);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.waiting.add(waiting);
    });
  }

  /** Whether somebody waits. */
  get isWanted(): boolean {
    return this.waiting.size > 0;
  }

  isAt(account: string, revision: number): boolean {
    // What was indexed by a former run must be borne out by the log first.
    return this.verified.has(account) && this.session.account(account).revision >= revision;
  }

  /** How far an account is indexed; NO_STREAM before its first event. */
  revisionOf(account: string): number {
    return this.session.account(account).revision;
  }

  /** Brings all accounts that somebody waits for to where they shall be. @throws what is the database's fault */
  async serve(): Promise<void> {
    for (const { account, revision, done } of this.waiting) {
      try {
        await this.advance(account, revision, []);
        if (!this.isAt(account, revision)) throw new Rejection('unavailable', NOT_YET);
        done();
      } catch (error) {
        if (isOfDatabase(error)) throw error;
        // What comes after what was asked for does not matter here.
        done(this.isAt(account, revision) ? undefined : asError(error));
      }
    }
  }

  /** Whoever waits hears of a failure. */
  giveUp(error: Error): void {
    for (const { done } of this.waiting) done(error);
  }

  /**
   * Indexes an account up to a revision, as far as its log and the accounts that it needs can be read.
   * @param stack accounts that are being indexed and have come to need this one
   */
  async advance(account: string, revision: number, stack: readonly string[]): Promise<void> {
    while (!this.isAt(account, revision)) {
      this.closing.throwIfAborted();
      const goesOn = await this.step(account, stack);
      this.settle();
      if (!goesOn) return;
      for (const other of this.waiting)
        if (other.account !== account && !stack.includes(other.account))
          await this.advance(other.account, other.revision, [...stack, account]).catch(throwOfDatabase);
    }
  }

  private settle(): void {
    for (const { account, revision, done } of this.waiting) if (this.isAt(account, revision)) done();
  }

  /** Takes a page of events. @returns whether anything has come of it */
  private async step(account: string, stack: readonly string[]): Promise<boolean> {
    const before = this.session.account(account);
    const page = await this.nextPage(account);
    if (page === undefined) return true;
    const { records, error } = decodeAll(page);
    const ready = await this.withNeeds(account, records, [...stack, account]);
    if (ready.length > 0) await this.index(account, ready);
    if (error !== undefined && ready.length === records.length) throw error;
    return this.session.account(account).revision > before.revision;
  }

  /** The next events; undefined when the account was not what the log has, and begins anew. */
  private async nextPage(account: string): Promise<readonly RecordedEvent[] | undefined> {
    const { revision, event_id } = this.session.account(account);
    if (this.verified.has(account) || revision === NO_STREAM) {
      this.verified.set(account, true);
      return this.source.events(account, revision);
    }
    const [last, ...news] = await this.source.events(account, revision - 1);
    this.verified.set(account, true);
    if (last?.revision === revision && last.id === event_id) return news;
    this.session.drop(account);
    return undefined;
  }

  /** The first events of a page, as many as what they need is indexed for. */
  private async withNeeds(
    account: string,
    records: readonly AccountEventRecord[],
    stack: readonly string[],
  ): Promise<readonly AccountEventRecord[]> {
    const complete = new Set<string>();
    for (const [index, record] of records.entries()) {
      for (const need of needsOf(record)) {
        if (need.account === account || complete.has(need.account)) continue;
        if (this.isAt(need.account, need.revision)) continue;
        if (!stack.includes(need.account))
          await this.advance(need.account, need.revision, stack).catch(throwUnlessUnreadable);
        // The account that waits for this one comes first, and then this one goes on.
        else if (need.revision !== Infinity) return records.slice(0, index);
        if (need.revision === Infinity) complete.add(need.account);
      }
    }
    return records;
  }

  private async index(account: string, records: readonly AccountEventRecord[]): Promise<void> {
    const { session } = this;
    const indexed = session.account(account);
    const known = session.states.get(account);
    const folded = known?.revision === indexed.revision ? known : await this.load(indexed);
    session.states.put(account, folded);
    const pace = new Pace(this.closing);
    for (let from = 0; from < records.length; from += SLICE) {
      try {
        session.add(account, folded, records.slice(from, from + SLICE));
        requireMemory(account, folded.state, session.mostBytes);
      } catch (error) {
        // The state may be beyond the last entry.
        session.states.drop(account);
        throw error;
      }
      await pace.breath();
    }
  }

  private async load(account: IndexedAccount): Promise<FoldedState> {
    this.refused.assertLoadable(account.id);
    try {
      const folded = await foldedState(this.source, account, this.session.mostBytes);
      this.refused.fits(account.id);
      return folded;
    } catch (error) {
      if (error instanceof AccountTooLarge) this.refused.refuse(account.id, error);
      throw error;
    }
  }
}

const NOT_YET = 'The audit log is not indexed that far yet; try again shortly';

function decodeAll(page: readonly RecordedEvent[]): { records: AccountEventRecord[]; error?: Error } {
  const records: AccountEventRecord[] = [];
  try {
    for (const event of page) records.push(decode(event));
    return { records };
  } catch (error) {
    return { records, error: asError(error) };
  }
}

function throwOfDatabase(error: unknown): void {
  if (isOfDatabase(error)) throw error;
}

/** What cannot be read of another account has no names, for good; what is out of reach for now is waited for. */
function throwUnlessUnreadable(error: unknown): void {
  if (isOfDatabase(error) || error instanceof StoreUnavailable) throw error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
