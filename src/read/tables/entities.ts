import { only, type Statement } from '../../event-store/sqlite.js';
import type { ViewsDatabase } from '../views-database.js';

export const entitiesTable = `
  CREATE TABLE entities (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER)`;

/** Ids and the small numbers that stand for them in every other table. Numbers rise in the order of creation. */
export class Entities {
  private readonly statements: Record<'number' | 'add' | 'declare', Statement<{ number: number }>>;

  constructor(database: ViewsDatabase) {
    this.statements = {
      number: database.prepare('SELECT number FROM entities WHERE id = ?'),
      add: database.prepare('INSERT INTO entities (id) VALUES (?) RETURNING number'),
      declare: database.prepare(
        `INSERT INTO entities (id, account) VALUES (?, ?)
         ON CONFLICT (id) DO UPDATE SET account = excluded.account RETURNING number`,
      ),
    };
  }

  /** The number of an id, made on first sight. */
  number(id: string): number {
    return (this.statements.number.get(id) ?? only(this.statements.add.get(id))).number;
  }

  /** Says whose something is. */
  declare(id: string, account: number): number {
    return only(this.statements.declare.get(id, account)).number;
  }

  /** Makes an account's own number: it belongs to itself. */
  declareAccount(id: string): number {
    return this.declare(id, this.number(id));
  }
}
