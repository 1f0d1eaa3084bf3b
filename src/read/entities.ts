import { only, type Statement } from '../event-store/sqlite.js';
import type { ViewsDatabase } from './views-database.js';

export const entitiesSchema = `
  CREATE TABLE entities (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT,
    account INTEGER,
    ended INTEGER NOT NULL DEFAULT 0
  );
`;

export type EntityKind = 'account' | 'user' | 'group' | 'role' | 'key' | 'tab_instance' | 'mail';

/** Ids and the small numbers that stand for them in every other table. Numbers rise in the order of creation. */
export class Entities {
  private readonly statements: {
    number: Statement<{ number: number }>;
    add: Statement<{ number: number }>;
    declare: Statement<never>;
    end: Statement<never>;
    locate: Statement<{ number: number; account_id: string }>;
  };

  constructor(views: ViewsDatabase) {
    this.statements = {
      number: views.prepare('SELECT number FROM entities WHERE id = ?'),
      add: views.prepare('INSERT INTO entities (id) VALUES (?) RETURNING number'),
      declare: views.prepare('UPDATE entities SET kind = ?, account = ? WHERE number = ?'),
      end: views.prepare('UPDATE entities SET ended = 1 WHERE number = ?'),
      locate: views.prepare(
        `SELECT entity.number, owner.id AS account_id
         FROM entities entity JOIN entities owner ON owner.number = entity.account
         WHERE entity.id = ? AND entity.kind = ? AND entity.ended = 0 AND owner.ended = 0`,
      ),
    };
  }

  /** The number of an id, made on first sight. */
  number(id: string): number {
    return (this.statements.number.get(id) ?? only(this.statements.add.get(id))).number;
  }

  /** The number of an id that is known. */
  known(id: string): number {
    return only(this.statements.number.get(id)).number;
  }

  /** Says what an id stands for and whose it is. */
  declare(id: string, kind: EntityKind, account: number): number {
    const number = this.number(id);
    this.statements.declare.run(kind, account, number);
    return number;
  }

  /** Says that it is no more; with an account ends everything in it. */
  end(number: number): void {
    this.statements.end.run(number);
  }

  /** The number of an id that belongs to the account, or undefined. */
  find(kind: EntityKind, id: string, accountId: string): number | undefined {
    const found = this.statements.locate.get(id, kind);
    return found?.account_id === accountId ? found.number : undefined;
  }

  /** The id of the account that something belongs to, wherever it is. */
  ownerOf(kind: EntityKind, id: string): string | undefined {
    return this.statements.locate.get(id, kind)?.account_id;
  }
}
