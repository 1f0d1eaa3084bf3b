import { NO_STREAM } from '../event-store/event-store.js';
import type { ViewsDatabase } from './views-database.js';

export const checkpointsTable = `
  CREATE TABLE log (id TEXT NOT NULL, position TEXT);
  CREATE TABLE checkpoints (
    account TEXT PRIMARY KEY, number INTEGER NOT NULL, revision INTEGER NOT NULL, event_id TEXT NOT NULL,
    latest INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE stopped (account TEXT PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID`;

export interface Checkpoint {
  /** The interned number of the account. */
  readonly number: number;
  readonly revision: number;
  /** Id of the event at that revision. */
  readonly event_id: string;
  /**
   * The latest time of an event up to that revision, in milliseconds since the epoch. A later event may have
   * an earlier time, because a clock was set back.
   */
  readonly latest: number;
}

/**
 * `unreadable`: this version does not know an event, and rows before it stay true. `failed`: the views lag
 * behind the log. `too_large`: the account takes no commands, for it needs too much memory; its rows stay true.
 */
export type StopKind = 'unreadable' | 'failed' | 'too_large';

export interface StoppedAccount {
  readonly account: string;
  readonly kind: StopKind;
  readonly reason: string;
}

/** How far the views have come in the whole log and in each account, and which accounts have stopped. */
export class Checkpoints {
  private readonly statements;
  /** The rows of accounts that were looked up or moved since the last loss of rows. */
  private readonly known = new Map<string, Checkpoint>();
  private losses = 0;

  constructor(private readonly views: ViewsDatabase) {
    this.statements = {
      log: views.prepare<{ id: string; position: string | null }>('SELECT id, position FROM log'),
      setLog: views.prepare<never>('INSERT INTO log (id) VALUES (?)'),
      setPosition: views.prepare<never>('UPDATE log SET position = ?'),
      of: views.prepare<Checkpoint>(
        'SELECT number, revision, event_id, latest FROM checkpoints WHERE account = ?',
      ),
      move: views.prepare<never>(
        `INSERT INTO checkpoints (account, number, revision, event_id, latest) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id, latest = excluded.latest`,
      ),
      first: views.prepare<object>('SELECT 1 FROM checkpoints LIMIT 1'),
      all: views.prepare<Checkpoint & { account: string }>('SELECT * FROM checkpoints'),
      stopped: views.prepare<StoppedAccount>('SELECT * FROM stopped'),
      stop: views.prepare<never>(
        `INSERT INTO stopped (account, kind, reason) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET kind = excluded.kind, reason = excluded.reason`,
      ),
      resume: views.prepare<never>('DELETE FROM stopped WHERE account = ?'),
    };
  }

  /** The id of the log that the views were made from; undefined when they are fresh. */
  get logId(): string | undefined {
    return this.statements.log.get()?.id;
  }

  startLog(id: string): void {
    this.statements.setLog.run(id);
  }

  /** Everything up to this position was applied; undefined at the start of the log. */
  get position(): string | undefined {
    return this.statements.log.get()?.position ?? undefined;
  }

  movePosition(position: string): void {
    this.statements.setPosition.run(position);
  }

  of(account: string): Checkpoint | undefined {
    const { losses } = this.views;
    if (this.losses !== losses) this.known.clear();
    this.losses = losses;
    const known = this.known.get(account);
    if (known) return known;
    const row = this.statements.of.get(account);
    if (row) this.known.set(account, row);
    return row;
  }

  /** The revision that was applied last, NO_STREAM before the first. */
  revisionOf(account: string): number {
    return this.of(account)?.revision ?? NO_STREAM;
  }

  /** Moves the checkpoint of an account. It is called within a change of the views. */
  move(account: string, checkpoint: Checkpoint): void {
    const { number, revision, event_id, latest } = checkpoint;
    this.statements.move.run(account, number, revision, event_id, latest);
    this.known.set(account, checkpoint);
  }

  get isEmpty(): boolean {
    return this.statements.first.get() === undefined;
  }

  all(): readonly (Checkpoint & { account: string })[] {
    return this.statements.all.all();
  }

  stopped(): readonly StoppedAccount[] {
    return this.statements.stopped.all();
  }

  stop(account: string, kind: StopKind, reason: string): void {
    this.views.change(() => this.statements.stop.run(account, kind, reason), 1);
  }

  resume(account: string): void {
    this.views.change(() => this.statements.resume.run(account), 1);
  }
}
