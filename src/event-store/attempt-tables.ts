import { AttemptArrivals } from './attempt-arrivals.js';
import type { ArrivedAttempt, AttemptBatch, AttemptKey, AttemptRange, KeptAttempt } from './attempt-log.js';
import { openSideFile } from './side-file.js';
import { atOnce, type Database, only, prepare } from './sqlite.js';

const FORMAT = 1;
const PAGE = 500;
const PRUNED_AT_ONCE = 1_000;

/**
 * An account has one row for each log, because one directory may have served several logs. `revision` and
 * `event` say how far the account's stream was read.
 */
const schema = `
  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY, log TEXT NOT NULL, id TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT -1, event TEXT NOT NULL DEFAULT '', UNIQUE (log, id)
  );
  CREATE TABLE attempts (
    account INTEGER NOT NULL, time INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (account, time, at, id)
  ) WITHOUT ROWID;
  CREATE INDEX attempts_by_time ON attempts (time);
  CREATE TABLE sources (number INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL);
  CREATE INDEX sources_by_time ON sources (seen);
  CREATE TABLE writes (command TEXT PRIMARY KEY, time INTEGER NOT NULL, source INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX writes_by_time ON writes (time);
`;

/** A batch of which the places are known, as they are where it comes from a stream. */
export interface PlacedBatch extends AttemptBatch {
  readonly attempts: readonly (KeptAttempt & { readonly place?: number })[];
}

/** The last event that was read of an account's stream. */
export interface ReadSoFar {
  readonly revision: number;
  /** The id of that event. */
  readonly event: string;
}

/** Attempts and sources in the tables of one SQLite file. */
export class AttemptTables {
  private readonly statements;
  private readonly arrived: AttemptArrivals;

  private constructor(private readonly database: Database) {
    this.statements = statementsOf(database);
    this.arrived = new AttemptArrivals(database);
  }

  /**
   * Opens the file. A file that is damaged or of another format is moved aside.
   * @throws Error of SQLite or the system
   */
  static open(path: string): AttemptTables {
    return new AttemptTables(openSideFile(path, { format: FORMAT, schema }));
  }

  /** @param soFar how far the account's stream was read, if the batch comes from a stream */
  add(log: string, account: string, { attempts, writes }: PlacedBatch, soFar?: ReadSoFar): void {
    const { statements } = this;
    atOnce(this.database, () => {
      const number = this.numberOf(log, account);
      for (const { time, at, id, data, place } of attempts) {
        statements.add.run(number, time, at, id, data);
        this.arrived.add(number, { time, at, id }, place);
      }
      const numbers = this.sourceNumbers(writes);
      const rows = writes.map(({ commandId, time, source }) => [commandId, time, only(numbers.get(source))]);
      if (rows.length > 0) statements.addWrites.run(JSON.stringify(rows));
      if (soFar) statements.move.run(soFar.revision, soFar.event, number);
    });
  }

  readSoFar(log: string, account: string): ReadSoFar {
    return this.statements.account.get(log, account) ?? { revision: -1, event: '' };
  }

  /** Forgets how far the stream of an account was read. */
  startOver(log: string, account: string): void {
    const number = this.numberOf(log, account);
    this.statements.move.run(-1, '', number);
    this.arrived.forget(number);
  }

  /** @see AttemptLog.arrivals */
  arrivals(log: string, account: string, after: number, limit: number): ArrivedAttempt[] {
    const found = this.statements.account.get(log, account);
    return found ? this.arrived.page(found.number, after, limit) : [];
  }

  /** A page of attempts. The page at the end is empty. */
  page(log: string, account: string, range: AttemptRange, after: AttemptKey | undefined): KeptAttempt[] {
    const found = this.statements.account.get(log, account);
    if (!found) return [];
    const { order, times, revisions } = range;
    const start = order === 'asc' ? -1 : Number.MAX_SAFE_INTEGER;
    const { time, at, id } = after ?? { time: start, at: start, id: '' };
    return this.statements[order].all(found.number, ...times, ...revisions, time, at, id);
  }

  sources(commandIds: readonly string[]): Map<string, string> {
    const rows = this.statements.sources.all(JSON.stringify(commandIds));
    return new Map(rows.map(({ command, source }) => [command, source]));
  }

  prune(before: number): boolean {
    const { statements } = this;
    let pruned = 0;
    atOnce(this.database, () => {
      for (const prune of [statements.pruneAttempts, statements.pruneWrites, statements.pruneSources])
        pruned = Math.max(pruned, prune.run(before).changes);
      pruned = Math.max(pruned, this.arrived.prune(before, PRUNED_AT_ONCE));
    });
    return pruned >= PRUNED_AT_ONCE;
  }

  close(): void {
    this.database.close();
  }

  /** Most writes of a batch come from few places. Each is looked up once. */
  private sourceNumbers(writes: AttemptBatch['writes']): ReadonlyMap<string, number> {
    const seen = new Map<string, number>();
    for (const { source, time } of writes) seen.set(source, Math.max(time, seen.get(source) ?? time));
    const { addSource } = this.statements;
    return new Map([...seen].map(([source, time]) => [source, only(addSource.get(source, time)).number]));
  }

  private numberOf(log: string, account: string): number {
    return (this.statements.account.get(log, account) ?? only(this.statements.open.get(log, account))).number;
  }
}

function statementsOf(database: Database) {
  const page = (sign: '<' | '>', order: 'ASC' | 'DESC') =>
    prepare<KeptAttempt>(
      database,
      `SELECT time, at, id, data FROM attempts
       WHERE account = ? AND time BETWEEN ? AND ? AND at BETWEEN ? AND ? AND (time, at, id) ${sign} (?, ?, ?)
       ORDER BY time ${order}, at ${order}, id ${order} LIMIT ${PAGE}`,
    );
  const changing = (sql: string) => database.prepare(sql);
  return {
    ...{ asc: page('>', 'ASC'), desc: page('<', 'DESC') },
    account: prepare<{ number: number } & ReadSoFar>(
      database,
      'SELECT number, revision, event FROM accounts WHERE log = ? AND id = ?',
    ),
    open: prepare<{ number: number }>(
      database,
      'INSERT INTO accounts (log, id) VALUES (?, ?) RETURNING number',
    ),
    move: prepare<never>(database, 'UPDATE accounts SET revision = ?, event = ? WHERE number = ?'),
    add: prepare<never>(
      database,
      `INSERT INTO attempts (account, time, at, id, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET data = excluded.data`,
    ),
    addSource: prepare<{ number: number }>(
      database,
      `INSERT INTO sources (source, seen) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen) RETURNING number`,
    ),
    // One statement for all rows: most of the time of a single one goes into handing over its values.
    addWrites: prepare<never>(
      database,
      `INSERT INTO writes (command, time, source)
       SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    ),
    sources: prepare<{ command: string; source: string }>(
      database,
      `SELECT command, sources.source FROM writes JOIN sources ON sources.number = writes.source
       WHERE command IN (SELECT value FROM json_each(?))`,
    ),
    pruneAttempts: changing(
      `DELETE FROM attempts WHERE (account, time, at, id) IN
       (SELECT account, time, at, id FROM attempts WHERE time < ? ORDER BY time LIMIT ${PRUNED_AT_ONCE})`,
    ),
    pruneWrites: changing(
      `DELETE FROM writes WHERE command IN
       (SELECT command FROM writes WHERE time < ? ORDER BY time LIMIT ${PRUNED_AT_ONCE})`,
    ),
    // This is the last step. It forgets only sources that no remaining write uses.
    pruneSources: changing(
      `DELETE FROM sources WHERE number IN
       (SELECT number FROM sources WHERE seen < ? ORDER BY seen LIMIT ${PRUNED_AT_ONCE})`,
    ),
  };
}
