import { SideTables } from './side-tables.js';
import type {
  DeliveryPage,
  DeliverySelection,
  KeptDelivery,
  SubscriberLog,
  SubscriberOrder,
  SubscriberState,
} from './subscriber-log.js';
import { SubscriberTables } from './subscriber-tables.js';

/** What subscribers keep, in an SQLite file of its own or in memory. */
export class SqliteSubscriberLog extends SideTables<SubscriberTables> implements SubscriberLog {
  /** @param path of the file, or `:memory:`; the file is opened at its first use */
  constructor(path: string) {
    super(path, (at) => SubscriberTables.open(at));
  }

  state(name: string): Promise<SubscriberState | undefined> {
    return this.later((tables) => tables.state(name));
  }

  save(name: string, expectedRevision: number, data: string): Promise<number> {
    return this.later((tables) => tables.save(name, expectedRevision, data));
  }

  order(name: string, data: string): Promise<void> {
    return this.later((tables) => tables.order(name, data));
  }

  orders(name: string, after: number, done: number): Promise<readonly SubscriberOrder[]> {
    return this.later((tables) => tables.orders(name, after, done));
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

  deliveryIds(
    name: string,
    selection: Omit<DeliverySelection, 'limit' | 'offset'>,
  ): Promise<readonly string[]> {
    return this.later((tables) => tables.deliveryIds(name, selection));
  }

  forget(name: string): Promise<void> {
    return this.later((tables) => tables.forget(name));
  }

  prune(before: number): Promise<boolean> {
    return this.later((tables) => tables.prune(before));
  }
}
