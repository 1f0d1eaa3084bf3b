import type { ViewsDatabase } from './views-database.js';

export const countersSchema = `
  CREATE TABLE counters (
    owner INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (owner, name)
  ) WITHOUT ROWID;
`;

export type CounterName = 'users' | 'groups' | 'roles' | 'clients' | 'members';

/** How many there are of something, so that no list has to be counted. */
export class Counters {
  private readonly statements;

  constructor(views: ViewsDatabase) {
    this.statements = {
      add: views.prepare<never>(
        `INSERT INTO counters (owner, name, value) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET value = value + excluded.value`,
      ),
      value: views.prepare<{ value: number }>('SELECT value FROM counters WHERE owner = ? AND name = ?'),
    };
  }

  /** @param owner number of the account or group */
  add(owner: number, name: CounterName, difference: number): void {
    this.statements.add.run(owner, name, difference);
  }

  value(owner: number, name: CounterName): number {
    return this.statements.value.get(owner, name)?.value ?? 0;
  }
}
