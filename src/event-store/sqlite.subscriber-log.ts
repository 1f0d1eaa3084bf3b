import { RevisionConflict, StoreUnavailable } from './event-store.js';
import { explain } from './sqlite-failure.js';
import type {
  DeliveryPage,
  DeliverySelection,
  KeptDelivery,
  SubscriberLog,
  SubscriberOrder,
  SubscriberState,
} from './subscriber-log.js';
import { SubscriberTables } from './subscriber-tables.js';

/** What subscribers keep, in an SQLite file of its own or in memory. One process has the file open. */
export class SqliteSubscriberLog implements SubscriberLog {
  private tables: SubscriberTables | undefined;

  /** @param path of the file, or `:memory:`; the file is opened at its first use */
  constructor(private readonly path: string) {}

  state(name: string): Promise<SubscriberState | undefined> {
    return this.later((tables) => tables.state(name));
  }

  save(name: string, expectedRevision: number, data: string): Promise<number> {
    return this.later((tables) => tables.save(name, expectedRevision, data));
  }

  order(name: string, data: string): Promise<void> {
    return this.later((tables) => tables.order(name, data));
  }

  orders(name: string, after: number): Promise<readonly SubscriberOrder[]> {
    return this.later((tables) => tables.orders(name, after));
  }

  record(name: string, deliveries: readonly KeptDelivery[]): Promise<void> {
    return this.later((tables) => tables.record(name, deliveries));
  }

  deliveries(name: string, selection: DeliverySelection): Promise<DeliveryPage> {
    return this.later((tables) => tables.deliveries(name, selection));
  }

  delivery(name: string, id: string): Promise<KeptDelivery | undefined> {
    return this.later((tables) => tables.delivery(name, id));
  }

  forget(name: string): Promise<void> {
    return this.later((tables) => tables.forget(name));
  }

  prune(before: number): Promise<boolean> {
    return this.later((tables) => tables.prune(before));
  }

  close(): Promise<void> {
    this.tables?.close();
    this.tables = undefined;
    return Promise.resolve();
  }

  /** @throws StoreUnavailable, or RevisionConflict as the work does */
  work<Result>(what: (tables: SubscriberTables) => Result): Result {
    try {
      this.tables ??= SubscriberTables.open(this.path);
      return what(this.tables);
    } catch (error) {
      if (error instanceof RevisionConflict) throw error;
      throw new StoreUnavailable(`${this.path} cannot be used: ${explain(error)}`, { cause: error });
    }
  }

  private later<Result>(what: (tables: SubscriberTables) => Result): Promise<Result> {
    return Promise.resolve().then(() => this.work(what));
  }
}
