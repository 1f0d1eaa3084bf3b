import { NO_STREAM, RevisionConflict } from './event-store.js';
import { openSideFile } from './side-file.js';
import { atOnce, type Database, prepare, type Value } from './sqlite.js';
import type {
  DeliveryPage,
  DeliverySelection,
  KeptDelivery,
  SubscriberOrder,
  SubscriberState,
} from './subscriber-log.js';

const FORMAT = 1;
const PRUNED_AT_ONCE = 1_000;
export const ORDERS_AT_ONCE = 100;

/** `streams` says how far a stream of deliveries was read, where there are such streams. */
const schema = `
  CREATE TABLE subscribers (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE orders (
    name TEXT NOT NULL, revision INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (name, revision)
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, id TEXT NOT NULL, time INTEGER NOT NULL, status TEXT NOT NULL,
    data TEXT NOT NULL, UNIQUE (name, id)
  );
  CREATE INDEX deliveries_by_time ON deliveries (name, time);
  CREATE INDEX deliveries_by_status ON deliveries (name, status, time);
  CREATE INDEX deliveries_by_age ON deliveries (time);
  CREATE TABLE streams (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;
`;

/** The last event that was read of a stream of deliveries. */
export interface StreamPlace {
  readonly revision: number;
  /** The id of that event. */
  readonly event: string;
}

/** What subscribers keep, in the tables of one SQLite file. */
export class SubscriberTables {
  private readonly statements;

  private constructor(private readonly database: Database) {
    this.statements = statementsOf(database);
  }

  /**
   * Opens the file. A file that is damaged or of another format is moved aside.
   * @throws Error of SQLite or the system
   */
  static open(path: string): SubscriberTables {
    return new SubscriberTables(openSideFile(path, { format: FORMAT, schema }));
  }

  state(name: string): SubscriberState | undefined {
    return this.statements.state.get(name);
  }

  /** @throws RevisionConflict */
  save(name: string, expectedRevision: number, data: string): number {
    const { changes } =
      expectedRevision === NO_STREAM
        ? this.statements.begin.run(name, data)
        : this.statements.save.run(data, name, expectedRevision);
    if (Number(changes) === 0) throw new RevisionConflict(`subscriber-${name}`, expectedRevision);
    return expectedRevision + 1;
  }

  order(name: string, data: string): void {
    this.statements.order.run(name, data);
  }

  orders(name: string, after: number, done: number): SubscriberOrder[] {
    // The newest stays, as the next is counted from it.
    this.statements.forgetOrders.run(name, done);
    return this.statements.orders.all(name, after);
  }

  /** @param upTo how far the stream of the deliveries was read, if they come from one */
  record(name: string, deliveries: readonly KeptDelivery[], upTo?: StreamPlace): void {
    const { statements } = this;
    atOnce(this.database, () => {
      for (const { id, time, status, data } of deliveries)
        statements.record.run(name, id, time, status, data);
      if (upTo) statements.move.run(name, upTo.revision, upTo.event);
    });
  }

  place(name: string): StreamPlace {
    return this.statements.place.get(name) ?? { revision: NO_STREAM, event: '' };
  }

  deliveries(name: string, { statuses, since, limit, offset }: DeliverySelection): DeliveryPage {
    const selection: Value[] = [name, since ?? 0, JSON.stringify(statuses ?? [])];
    const total = this.statements.count.get(...selection)?.count ?? 0;
    return { total, deliveries: this.statements.page.all(...selection, limit, offset) };
  }

  delivery(name: string, id: string): KeptDelivery | undefined {
    return this.statements.one.get(name, id);
  }

  deliveryIds(
    name: string,
    { statuses, since }: Omit<DeliverySelection, 'limit' | 'offset'>,
  ): readonly string[] {
    return this.statements.ids.all(name, since ?? 0, JSON.stringify(statuses ?? [])).map(({ id }) => id);
  }

  forget(name: string): void {
    atOnce(this.database, () => {
      for (const statement of this.statements.forget) statement.run(name);
    });
  }

  prune(before: number): boolean {
    return Number(this.statements.prune.run(before).changes) >= PRUNED_AT_ONCE;
  }

  close(): void {
    this.database.close();
  }
}

function statementsOf(database: Database) {
  const changing = (sql: string) => prepare<never>(database, sql);
  // The list of states is empty when all are wanted.
  const where = `WHERE name = ?1 AND time >= ?2
    AND (?3 = '[]' OR status IN (SELECT value FROM json_each(?3)))`;
  const columns = 'id, time, status, data';
  return {
    state: prepare<SubscriberState>(database, 'SELECT revision, data FROM subscribers WHERE name = ?'),
    begin: changing('INSERT INTO subscribers VALUES (?, 0, ?) ON CONFLICT DO NOTHING'),
    save: changing(
      'UPDATE subscribers SET revision = revision + 1, data = ? WHERE name = ? AND revision = ?',
    ),
    order: changing(
      'INSERT INTO orders SELECT ?1, coalesce(max(revision) + 1, 0), ?2 FROM orders WHERE name = ?1',
    ),
    orders: prepare<SubscriberOrder>(
      database,
      `SELECT revision, data FROM orders WHERE name = ? AND revision > ? ORDER BY revision LIMIT ${ORDERS_AT_ONCE}`,
    ),
    forgetOrders: changing('DELETE FROM orders WHERE name = ? AND revision < ?'),
    record: changing(
      `INSERT INTO deliveries (name, id, time, status, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET status = excluded.status, data = excluded.data`,
    ),
    move: changing(
      `INSERT INTO streams VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET revision = excluded.revision, event = excluded.event`,
    ),
    place: prepare<StreamPlace>(database, 'SELECT revision, event FROM streams WHERE name = ?'),
    count: prepare<{ count: number }>(database, `SELECT count(*) AS count FROM deliveries ${where}`),
    page: prepare<KeptDelivery>(
      database,
      `SELECT ${columns} FROM deliveries ${where} ORDER BY time DESC, number DESC LIMIT ?4 OFFSET ?5`,
    ),
    ids: prepare<{ id: string }>(database, `SELECT id FROM deliveries ${where} ORDER BY time, number`),
    one: prepare<KeptDelivery>(database, `SELECT ${columns} FROM deliveries WHERE name = ? AND id = ?`),
    forget: ['subscribers', 'orders', 'deliveries', 'streams'].map((table) =>
      changing(`DELETE FROM ${table} WHERE name = ?`),
    ),
    prune: changing(
      `DELETE FROM deliveries WHERE number IN
       (SELECT number FROM deliveries WHERE time < ? ORDER BY time LIMIT ${PRUNED_AT_ONCE})`,
    ),
  };
}
