import type { ViewsDatabase } from '../views-database.js';

export const entitiesTable = `
  CREATE TABLE entities (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER)`;

/**
 * The ids, and the small numbers that stand for them in every other table. Numbers rise in the order of
 * creation. A caller asks for them within a change of the views.
 */
export class Entities {
  private readonly statements;
  /**
   * The numbers that were asked for since the last possible loss of rows, and so
   * within the latest transaction.
   */
  private readonly known = new Map<string, number>();
  private losses = 0;

  constructor(private readonly database: ViewsDatabase) {
    this.statements = {
      number: database.prepare<{ number: number }>('SELECT number FROM entities WHERE id = ?'),
      add: database.prepare<never>('INSERT INTO entities (id, account) VALUES (?, ?) ON CONFLICT DO NOTHING'),
      declare: database.prepare<never>('UPDATE entities SET account = ? WHERE id = ?'),
    };
  }

  /** The number of an id. An id gets its number when it is first seen. */
  number(id: string): number {
    const { losses } = this.database;
    if (this.losses !== losses) this.known.clear();
    this.losses = losses;
    let number = this.known.get(id);
    if (number === undefined) {
      number =
        this.statements.number.get(id)?.number ?? Number(this.statements.add.run(id, null).lastInsertRowid);
      this.known.set(id, number);
    }
    return number;
  }

  /** Records the account that something belongs to. @param account its number */
  declare(id: string, account: number): number {
    const added = this.statements.add.run(id, account);
    if (added.changes > 0) return Number(added.lastInsertRowid);
    this.statements.declare.run(account, id);
    return this.number(id);
  }

  /** Records that an account belongs to itself. @returns its number */
  declareAccount(id: string): number {
    return this.declare(id, this.number(id));
  }
}
