import { join } from 'node:path';
import { checkAppend } from './append-check.js';
import { assertUsable } from './data-directory.js';
import { DirectoryLock } from './directory-lock.js';
import {
  type Delivery,
  type EventStore,
  MAX_APPEND_BYTES,
  NO_STREAM,
  type Position,
  type ProposedEvent,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
} from './event-store.js';
import { follow } from './follow.js';
import { Signal } from './signal.js';
import { atOnce, type Database, only, prepare } from './sqlite.js';
import { openLog } from './sqlite-log.js';
import { SqliteReads } from './sqlite-reads.js';
import { type TroubleListener, Writability } from './writability.js';

interface Append {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly ProposedEvent[];
  readonly done: (error?: unknown) => void;
}

/**
 * A log in one SQLite file, `events.db` in the data directory, which one process holds. The appends of one
 * turn of the event loop share one transaction, and so one sync to disk.
 */
export class SqliteEventStore implements EventStore {
  readonly soleWriter = true;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  private readonly reads: SqliteReads;
  private readonly statements;
  private readonly appended = new Signal();
  private readonly closing = new AbortController();
  private readonly writability: Writability;
  private pending: Append[] = [];

  private constructor(
    private readonly database: Database,
    private readonly lock: DirectoryLock,
    path: string,
    onTrouble: TroubleListener,
  ) {
    this.writability = new Writability(database, path, onTrouble);
    this.reads = new SqliteReads(database);
    this.statements = {
      stream: prepare<{ number: number; head: number }>(
        database,
        'SELECT number, head FROM streams WHERE name = ?',
      ),
      openStream: prepare<{ number: number }>(
        database,
        'INSERT INTO streams (name, head) VALUES (?, ?) RETURNING number',
      ),
      moveHead: prepare<never>(database, 'UPDATE streams SET head = ? WHERE number = ?'),
      idAt: prepare<{ id: string }>(database, 'SELECT id FROM events WHERE stream = ? AND revision = ?'),
      insert: prepare<never>(
        database,
        'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
      ),
    };
  }

  /**
   * @throws StoreUnusable when the directory is in use, or when its log may not be written, is damaged,
   * foreign or of a newer format
   */
  static open(directory: string, onTrouble: TroubleListener = () => undefined): SqliteEventStore {
    const lock = DirectoryLock.acquire(directory);
    try {
      assertUsable(directory, ['events.db']);
      const path = join(directory, 'events.db');
      return new SqliteEventStore(openLog(path), lock, path, onTrouble);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get trouble(): string | undefined {
    return this.writability.trouble;
  }

  doubt(): void {
    if (!this.closing.signal.aborted) this.writability.doubt();
  }

  logId(): Promise<string> {
    return Promise.resolve(this.reads.logId);
  }

  append(stream: string, expectedRevision: number, events: readonly ProposedEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closing.signal.aborted) {
        reject(new StoreUnavailable('The event store is closed'));
        return;
      }
      if (this.pending.length === 0) setImmediate(() => this.flush());
      const done = (error?: unknown) => (error instanceof Error ? reject(error) : resolve());
      this.pending.push({ stream, expectedRevision, events, done });
    });
  }

  readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readStream(stream, after);
  }

  readAll(prefix: string, after?: Position): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readAll(prefix, after);
  }

  idAt(position: Position): Promise<string | undefined> {
    return Promise.resolve(this.reads.idAt(position));
  }

  subscribe(prefix: string, after: Position | undefined, signal: AbortSignal): AsyncIterable<Delivery> {
    const either = AbortSignal.any([signal, this.closing.signal]);
    return follow((from) => this.readAll(prefix, from), this.appended, after, either);
  }

  close(): Promise<void> {
    if (!this.closing.signal.aborted) {
      this.closing.abort();
      this.flush();
      this.writability.close();
      this.checkpoint();
      this.database.close();
      this.lock.release();
    }
    return Promise.resolve();
  }

  /** Brings everything into the one file. A copy of that file is then a copy of the whole log. */
  private checkpoint(): void {
    try {
      this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The log is whole all the same. Events that are not in the file are in the write-ahead log beside it.
    }
  }

  private flush(): void {
    const appends = this.pending;
    if (appends.length === 0) return;
    this.pending = [];
    const outcomes: unknown[] = [];
    try {
      atOnce(this.database, () => {
        for (const append of appends) outcomes.push(this.write(append));
      });
    } catch (error) {
      this.writability.failed(error);
      const unavailable = new StoreUnavailable('The event store could not write', { cause: error });
      for (const { done } of appends) done(unavailable);
      return;
    }
    this.writability.succeeded();
    appends.forEach(({ done }, index) => done(outcomes[index]));
    this.appended.raise();
  }

  /** @returns the conflict of the append, if there is one */
  private write({ stream, expectedRevision, events }: Append): RevisionConflict | undefined {
    const found = this.statements.stream.get(stream);
    const idAt = (revision: number) => found && this.statements.idAt.get(found.number, revision)?.id;
    try {
      if (checkAppend(stream, found?.head ?? NO_STREAM, expectedRevision, events, idAt) === 'repeat')
        return undefined;
    } catch (error) {
      if (error instanceof RevisionConflict) return error;
      throw error;
    }
    const head = expectedRevision + events.length;
    const { number } = found ?? only(this.statements.openStream.get(stream, head));
    events.forEach(({ id, type, data, metadata }, index) =>
      this.statements.insert.run(number, expectedRevision + 1 + index, id, type, data, metadata),
    );
    this.statements.moveHead.run(head, number);
    return undefined;
  }
}
