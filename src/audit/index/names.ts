import type { Statement } from '../../event-store/sqlite.js';
import type { ForeignNames } from '../entry.js';
import type { GivenName } from '../given-names.js';
import type { AuditDatabase } from './audit-database.js';

/** The names that users, keys and accounts have had, for entries of other accounts. */
export class Names implements ForeignNames {
  private readonly atRevision: Statement<{ name: string }>;
  private readonly atTime: Statement<{ name: string }>;
  private readonly addName: Statement<never>;

  constructor(database: AuditDatabase) {
    const where =
      'FROM names WHERE account = (SELECT number FROM accounts WHERE id = ?) AND type = ? AND id = ?';
    this.atRevision = database.prepare(`SELECT name ${where} AND since <= ? ORDER BY since DESC LIMIT 1`);
    this.atTime = database.prepare(`SELECT name ${where} AND time <= ? ORDER BY since DESC LIMIT 1`);
    this.addName = database.prepare('INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)');
  }

  /** @param latest the latest time of an event until then, in milliseconds since the epoch */
  add(account: number, { type, id, name }: GivenName, since: number, latest: number): void {
    this.addName.run(account, type, id, since, latest, name);
  }

  nameOf(...[account, type, id, at]: Parameters<ForeignNames['nameOf']>): string | undefined {
    const row =
      'revision' in at
        ? this.atRevision.get(account, type, id, at.revision)
        : this.atTime.get(account, type, id, Date.parse(at.time));
    return row?.name;
  }
}
