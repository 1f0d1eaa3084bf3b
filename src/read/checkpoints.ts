import { NO_STREAM } from '../event-store/event-store.js';
import type { ViewsDatabase } from './views-database.js';

export const checkpointsTable = `
  CREATE TABLE log (id TEXT NOT NULL, position TEXT);
  CREATE TABLE checkpoints (account TEXT PRIMARY KEY, revision INTEGER NOT NULL, event_id TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE stopped (account TEXT PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID`;

export interface Checkpoint {
  readonly revision: number;
  /** Id of the event at that revision. */
  readonly event_id: string;
}

/** `unreadable`: an event this version does not know; rows before it stay true. `failed`: the views lag behind the log. */
export type StopKind = 'unreadable' | 'failed';

export interface StoppedAccount {
  readonly account: string;
  readonly kind: StopKind;
  readonly reason: string;
}

/** How far the views have come: in the whole log, in each account, and which accounts have stopped. */
export class Checkpoints {
  private readonly statements;
  /** The revisions that were looked up since the views changed last. */
  private readonly known = new Map<string, number>();
  private knownAt = -1;

  constructor(private readonly views: ViewsDatabase) {
    this.statements = {
      log: views.prepare<{ id: string; position: string | null }>('SELECT id, position FROM log'),
      setLog: views.prepare<never>('INSERT INTO log (id) VALUES (?)'),
      setPosition: views.prepare<never>('UPDATE log SET position = ?'),
      of: views.prepare<Checkpoint>('SELECT revision, event_id FROM checkpoints WHERE account = ?'),
      move: views.prepare<never>(
        `INSERT INTO checkpoints (account, revision, event_id) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id`,
      ),
      first: views.prepare<Checkpoint>('SELECT revision, event_id FROM checkpoints LIMIT 1'),
      all: views.prepare<Checkpoint & { account: string }>('SELECT * FROM checkpoints'),
      stopped: views.prepare<StoppedAccount>('SELECT * FROM stopped'),
      stop: views.prepare<never>(
        `INSERT INTO stopped (account, kind, reason) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET kind = excluded.kind, reason = excluded.reason`,
      ),
      resume: views.prepare<never>('DELETE FROM stopped WHERE account = ?'),
    };
  }

  /** The id of the log the views were made from; undefined when they are fresh. */
  get logId(): string | undefined {
    return this.statements.log.get()?.id;
  }

  startLog(id: string): void {
    this.statements.setLog.run(id);
  }

  /** Everything up to here was applied; undefined at the start of the log. */
  get position(): string | undefined {
    return this.statements.log.get()?.position ?? undefined;
  }

  movePosition(position: string): void {
    this.statements.setPosition.run(position);
  }

  of(account: string): Checkpoint | undefined {
    return this.statements.of.get(account);
  }

  /** The revision applied last, NO_STREAM before the first. */
  revisionOf(account: string): number {
    const { changes } = this.views;
    if (this.knownAt !== changes) this.known.clear();
    this.knownAt = changes;
    let revision = this.known.get(account);
    if (revision === undefined) {
      revision = this.of(account)?.revision ?? NO_STREAM;
      this.known.set(account, revision);
    }
    return revision;
  }

  move(account: string, revision: number, eventId: string): void {
    this.statements.move.run(account, revision, eventId);
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
