import { only } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

export const entitiesTable = `
  CREATE TABLE entities (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER)`;

/** Ids and the small numbers that stand for them in every other table. Numbers rise in the order of creation. */
export class Entities {
  private readonly statements;

  constructor(database: ViewsDatabase) {
    this.statements = {
      number: database.prepare<{ number: number }>('SELECT number FROM entities WHERE id = ?'),
      add: database.prepare<never>('INSERT INTO entities (id) VALUES (?)'),
      declare: database.prepare<never>(
        'INSERT INTO entities (id, account) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET account = excluded.account',
      ),
    };
  }

  /** The number of an id, made on first sight. */
  number(id: string): number {
    const known = this.statements.number.get(id);
    if (known) return known.number;
    this.statements.add.run(id);
    return this.numberOf(id);
  }

  /** Says whose something is. */
  declare(id: string, account: number): number {
    this.statements.declare.run(id, account);
    return this.numberOf(id);
  }

  /** Makes an account's own number: it belongs to itself. */
  declareAccount(id: string): number {
    return this.declare(id, this.number(id));
  }

  private numberOf(id: string): number {
    return only(this.statements.number.get(id)).number;
  }
}
