import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { RestoredState, type SnapshotEntry, snapshotOf } from '../domain/account-snapshot.js';
import type { AccountState } from '../domain/account-state.js';
import { PRIVATE_DIRECTORY } from '../event-store/data-directory.js';
import { sourceHash } from '../event-store/source-hash.js';
import { AccountTooLarge, requireMemory } from './account-too-large.js';
import { readLines, writeLines } from './checked-file.js';

/** The state of an account and the event that it stands on. */
export interface Snapshot {
  readonly state: AccountState;
  readonly revision: number;
  readonly eventId: string;
}

/** The number of events after which the next snapshot of an account is due. */
export interface Pace {
  /** While no command waits for the account. */
  readonly idle: number;
  /** Even while commands wait for the account. They then wait for the snapshot as well. */
  readonly busy: number;
}

/**
 * To load an account costs about 1.2 µs per membership in its snapshot and 7 µs per later event.
 * With this pace an account of a million events is loaded in less than two seconds.
 * A snapshot of a million memberships takes half a second to write.
 * A busy account pays that once in 50,000 events.
 */
const defaultPace: Pace = { idle: 20_000, busy: 50_000 };

/**
 * A hash of all code that folds events into a state.
 * Other code may make another state of the same events.
 */
const foldVersion = sourceHash(new URL('../domain/', import.meta.url)).toString('hex');

interface Header extends Omit<Snapshot, 'state'> {
  readonly fold: string;
  readonly log: string;
  readonly account: string;
}

/**
 * A directory with the newest snapshot of each account. Snapshots hold personal data.
 * They may be deleted at any time: the log is the truth.
 */
export class Snapshots {
  private readonly logger = new Logger(Snapshots.name);

  /** @param logId tells which log the snapshots are of; those of another log are ignored */
  constructor(
    private readonly directory: string,
    private readonly logId: () => Promise<string>,
    private readonly pace = defaultPace,
  ) {}

  /**
   * @param events how many have come since the last snapshot
   * @param areWaiting whether commands would wait for the snapshot
   */
  isDue(events: number, areWaiting: boolean): boolean {
    return events >= (areWaiting ? this.pace.busy : this.pace.idle);
  }

  /**
   * Saves a snapshot. It never fails: without a snapshot the next start only takes longer.
   * The state must not change until the promise resolves.
   */
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

  /**
   * The newest snapshot of an account.
   * It is undefined unless there is one that is whole and of this log and this fold.
   * @param mostBytes how much memory the state may take
   * @throws AccountTooLarge
   */
  async load(account: string, mostBytes = Infinity): Promise<Snapshot | undefined> {
    try {
      const log = await this.logId();
      const restored = new RestoredState();
      let header: Header | undefined;
      for await (const line of readLines(this.pathOf(account))) {
        // The checksum was right, so these are the entries that were written under that header.
        if (header) restored.add(line as SnapshotEntry);
        else header = headerIn(line, account, log);
        requireMemory(account, restored.state, mostBytes);
      }
      return header && { ...header, state: restored.state };
    } catch (error) {
      if (error instanceof AccountTooLarge) throw error;
      if (!isMissing(error)) this.warn(`The snapshot of the account ${account} is ignored`, error);
      return undefined;
    }
  }

  /**
   * The file is named by the account's id, or by its hash if the id is no good as a name or has capitals.
   * On some disks names that differ only in case are the same.
   */
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
