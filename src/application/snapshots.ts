import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { RestoredState, type SnapshotEntry, snapshotOf } from '../domain/account-snapshot.js';
import type { AccountState } from '../domain/account-state.js';
import { PRIVATE_DIRECTORY } from '../event-store/data-directory.js';
import { sourceHash } from '../event-store/source-hash.js';
import { readLines, writeLines } from './checked-file.js';

/** An account's state with the event that it stands on. */
export interface Snapshot {
  readonly state: AccountState;
  readonly revision: number;
  readonly eventId: string;
}

/** After how many events the next snapshot of an account is due. */
export interface Pace {
  /** When no command waits for the account. */
  readonly idle: number;
  /** Even if commands wait: they then wait for the snapshot, too. */
  readonly busy: number;
}

/**
 * A cold account costs about 1.2 µs for each membership in its snapshot and 7 µs for each event after it:
 * with these, an account of a million events is there in less than two seconds. Writing a snapshot of a million
 * memberships takes half a second, which a busy account so pays once in 50,000 events.
 */
const defaultPace: Pace = { idle: 20_000, busy: 50_000 };

/** Of all code that folds events into a state: another code may lead to another state. */
const foldVersion = sourceHash(new URL('../domain/', import.meta.url)).toString('hex');

interface Header extends Omit<Snapshot, 'state'> {
  readonly fold: string;
  readonly log: string;
  readonly account: string;
}

/** A directory of snapshots, the newest of each account. Disposable: the log is the truth. They hold personal data. */
export class Snapshots {
  private readonly logger = new Logger(Snapshots.name);

  /** @param logId says which log the snapshots are of; those of another one are ignored */
  constructor(
    private readonly directory: string,
    private readonly logId: () => Promise<string>,
    private readonly pace = defaultPace,
  ) {}

  /** @param events how many have come since the last snapshot @param areWaiting whether there are commands that would wait */
  isDue(events: number, areWaiting: boolean): boolean {
    return events >= (areWaiting ? this.pace.busy : this.pace.idle);
  }

  /** Never fails: without a snapshot the next start only takes longer. The state must not change until it resolves. */
  async save(account: string, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const { state, revision, eventId } = snapshot;
    try {
      await mkdir(this.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      const about = { fold: foldVersion, log: await this.logId(), account };
      const header: Header = { ...about, revision, eventId };
      await writeLines(this.pathOf(account), lines(header, state), signal);
    } catch (error) {
      if (!signal.aborted) this.warn(`There is no new snapshot of the account ${account}`, error);
    }
  }

  /** The newest snapshot of an account; undefined when there is none that is whole and of this log and this fold. */
  async load(account: string): Promise<Snapshot | undefined> {
    try {
      const log = await this.logId();
      const restored = new RestoredState();
      let header: Header | undefined;
      for await (const line of readLines(this.pathOf(account))) {
        // The checksum was right: these are the entries that were written under that header.
        if (header) restored.add(line as SnapshotEntry);
        else header = headerIn(line, account, log);
      }
      return header && { ...header, state: restored.state };
    } catch (error) {
      if (!isMissing(error)) this.warn(`The snapshot of the account ${account} is ignored`, error);
      return undefined;
    }
  }

  /** Ids that are no good as names of files, and those that differ only in case, go by their hash. */
  private pathOf(account: string): string {
    const isName = /^[0-9a-z-]{1,100}$/.test(account);
    return join(
      this.directory,
      `${isName ? account : createHash('sha256').update(account).digest('hex')}.ndjson`,
    );
  }

  private warn(sentence: string, error: unknown): void {
    this.logger.warn(`${sentence}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* lines(header: Header, state: AccountState): Iterable<Header | SnapshotEntry> {
  yield header;
  yield* snapshotOf(state);
}

/** @throws Error when the snapshot under this header is of no use */
function headerIn(line: unknown, account: string, log: string): Header {
  if (!isHeader(line) || line.fold !== foldVersion)
    throw new Error('It was written by another version of Muster');
  if (line.log !== log) throw new Error('It is of another log');
  if (line.account !== account) throw new Error('It is of another account');
  return line;
}

function isHeader(value: unknown): value is Header {
  return typeof value === 'object' && value !== null && 'fold' in value;
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
