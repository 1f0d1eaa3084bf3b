import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONType } from '@eventstore/db-client';
import { EventStoreDbSideStreams, type Retention } from './eventstoredb-side-streams.js';
import { PATIENCE_MS, retryFor } from './retry.js';
import { SharedReads } from './shared-reads.js';
import type { SqliteSubscriberLog } from './sqlite.subscriber-log.js';
import type {
  DeliveryPage,
  DeliverySelection,
  KeptDelivery,
  SubscriberLog,
  SubscriberOrder,
  SubscriberState,
} from './subscriber-log.js';
import { ORDERS_AT_ONCE } from './subscriber-tables.js';

/** The most deliveries of one event, and their size in bytes. It keeps an event below the megabyte that an append may have. */
const MOST_DELIVERIES = 50;
const MOST_BYTES = 400_000;
const SECONDS_A_DAY = 86_400;

const retentions = {
  subscriber: { maxCount: 1 },
  orders: { maxAge: 30 * SECONDS_A_DAY },
  deliveries: { maxAge: 30 * SECONDS_A_DAY },
} as const satisfies Record<string, Retention>;

const kinds = ['subscriber', 'orders', 'deliveries'] as const;

type Kind = (typeof kinds)[number];

interface DeliveriesRecorded {
  readonly deliveries: readonly (Omit<KeptDelivery, 'data'> & { readonly data: JSONType })[];
}

/**
 * What subscribers keep, in EventStoreDB. Each subscriber has streams `subscriber-<name>`, `orders-<name>` and
 * `deliveries-<name>`, and the server lets old events go. When an instance is asked for deliveries, it reads
 * those of the stream that it has not read yet. It copies them into tables of its own.
 */
export class EventStoreDbSubscriberLog implements SubscriberLog {
  private readonly streams: EventStoreDbSideStreams;
  private readonly reads = new SharedReads('Deliveries');

  /**
   * @param connectionString that of the log
   * @param prefix the beginning of all stream names
   * @param tables keeps what was read of deliveries
   */
  constructor(
    connectionString: string,
    private readonly prefix: string,
    private readonly tables: SqliteSubscriberLog,
  ) {
    this.streams = new EventStoreDbSideStreams(connectionString);
  }

  async state(name: string): Promise<SubscriberState | undefined> {
    const newest = await this.streams.newest(this.streamOf('subscriber', name));
    return newest && { revision: newest.revision, data: newest.data };
  }

  async save(name: string, expectedRevision: number, data: string): Promise<number> {
    await this.append('subscriber', name, 'SubscriberSaved', JSON.parse(data) as object, expectedRevision);
    return expectedRevision + 1;
  }

  order(name: string, data: string): Promise<void> {
    return this.append('orders', name, 'DeliveryOrdered', JSON.parse(data) as object);
  }

  async orders(name: string, after: number): Promise<readonly SubscriberOrder[]> {
    const orders: SubscriberOrder[] = [];
    for await (const page of this.streams.eventsFrom(this.streamOf('orders', name), after + 1)) {
      orders.push(...page.map(({ revision, data }) => ({ revision, data })));
      if (orders.length >= ORDERS_AT_ONCE) break;
    }
    return orders.slice(0, ORDERS_AT_ONCE);
  }

  async record(name: string, deliveries: readonly KeptDelivery[]): Promise<void> {
    for (const some of portionsOf(deliveries)) {
      const recorded: DeliveriesRecorded = {
        deliveries: some.map((one) => ({ ...one, data: JSON.parse(one.data) as JSONType })),
      };
      await this.append('deliveries', name, 'DeliveriesRecorded', recorded);
    }
  }

  async deliveries(name: string, selection: DeliverySelection): Promise<DeliveryPage> {
    await this.refresh(name);
    return this.tables.deliveries(name, selection);
  }

  async delivery(name: string, id: string): Promise<KeptDelivery | undefined> {
    await this.refresh(name);
    return this.tables.delivery(name, id);
  }

  async deliveryIds(
    name: string,
    selection: Omit<DeliverySelection, 'limit' | 'offset'>,
  ): Promise<readonly string[]> {
    await this.refresh(name);
    return this.tables.deliveryIds(name, selection);
  }

  async forget(name: string): Promise<void> {
    for (const kind of kinds) await this.streams.remove(this.streamOf(kind, name));
    await this.tables.forget(name);
  }

  prune(before: number): Promise<boolean> {
    return this.tables.prune(before);
  }

  async close(): Promise<void> {
    await this.streams.close();
    await this.tables.close();
  }

  private streamOf(kind: Kind, name: string): string {
    return `${this.prefix}${kind}-${name}`;
  }

  /** The same event is sent again while the outcome is unknown. The server writes it once. */
  private async append(
    kind: Kind,
    name: string,
    type: string,
    data: object,
    expected?: number,
  ): Promise<void> {
    const stream = this.streamOf(kind, name);
    await this.streams.retain(stream, retentions[kind]);
    const event = jsonEvent({ id: randomUUID(), type, data: { ...data } });
    await retryFor(PATIENCE_MS, () => this.streams.append(stream, event, expected));
  }

  private refresh(name: string): Promise<void> {
    return this.reads.of(name, () => this.readOn(name));
  }

  private async readOn(name: string): Promise<void> {
    const place = this.tables.work((tables) => tables.place(name));
    const stream = this.streamOf('deliveries', name);
    for await (const page of this.streams.eventsFrom(stream, Math.max(place.revision, 0))) {
      const [first] = page;
      if (first?.revision === place.revision && first.id !== place.event) {
        // The server was restored from a backup, and other deliveries followed.
        await this.tables.forget(name);
        return this.readOn(name);
      }
      for (const { id, revision, data } of page) {
        if (id === place.event) continue;
        const { deliveries } = JSON.parse(data) as DeliveriesRecorded;
        const some = deliveries.map((one) => ({ ...one, data: JSON.stringify(one.data) }));
        this.tables.work((tables) => tables.record(name, some, { revision, event: id }));
      }
      await new Promise(setImmediate);
    }
  }
}

/** Deliveries in portions that one event can hold. One that is larger than that is a portion of its own. */
function portionsOf(deliveries: readonly KeptDelivery[]): readonly (readonly KeptDelivery[])[] {
  const portions: KeptDelivery[][] = [];
  let portion: KeptDelivery[] = [];
  let bytes = 0;
  for (const one of deliveries) {
    const size = Buffer.byteLength(one.data) + 200;
    if (portion.length === 0 || portion.length >= MOST_DELIVERIES || bytes + size > MOST_BYTES) {
      portions.push((portion = []));
      bytes = 0;
    }
    portion.push(one);
    bytes += size;
  }
  return portions;
}
