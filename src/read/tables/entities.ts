import type { ViewsDatabase } from '../views-database.js';

export const entitiesTable = `
  CREATE TABLE entities (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER)`;

/**
 * Ids and the small numbers that stand for them in every other table. Numbers rise in the order of creation.
 * They are asked for within a change of the views.
 */
export class Entities {
  private readonly statements;
  /** The numbers that were asked for since rows may have been lost last, so within the latest transaction. */
  private readonly known = new Map<string, number>();
  private losses = 0;

  constructor(private readonly database: ViewsDatabase) {
    this.statements = {
      number: database.prepare<{ number: number }>('SELECT number FROM entities WHERE id = ?'),
      add: database.prepare<never>('INSERT INTO entities (id, account) VALUES (?, ?) ON CONFLICT DO NOTHING'),
      declare: database.prepare<never>('UPDATE entities SET account = ? WHERE id = ?'),
    };
  }

  /** The number of an id, made on first sight. */
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

  /** Says whose something is. */
  declare(id: string, account: number): number {
    const added = this.statements.add.run(id, account);
    if (added.changes > 0) return Number(added.lastInsertRowid);
    this.statements.declare.run(account, id);
    return this.number(id);
  }

  /** Makes an account's own number: it belongs to itself. */
  declareAccount(id: string): number {
    return this.declare(id, this.number(id));
  }
}
