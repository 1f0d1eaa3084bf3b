import { randomUUID } from 'node:crypto';
import {
  type Delivery,
  type EventStore,
  NO_STREAM,
  type Position,
  type ProposedEvent,
  type RecordedEvent,
  StoreUnavailable,
} from '../../src/event-store/event-store.js';

/** A name that no other test and no former run has used: a log may be shared and need not be empty. */
export function freshName(): string {
  return `t${randomUUID().replaceAll('-', '')}-`;
}

export function propose(data: object = {}, type = 'Tested'): ProposedEvent {
  return { id: randomUUID(), type, data: JSON.stringify(data), metadata: JSON.stringify({ v: 1 }) };
}

/** Events that carry the numbers from..from+count-1. */
export function numbered(count: number, from = 0): ProposedEvent[] {
  return Array.from({ length: count }, (_, index) => propose({ n: from + index }));
}

/** Opens a stream, and as long as the outcome is unknown does the same again; gives the number of failures. */
export async function persist(
  store: EventStore,
  stream: string,
  events: readonly ProposedEvent[],
): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await store.append(stream, NO_STREAM, events);
      return failures;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
}

export async function drain(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export function streamOf(store: EventStore, stream: string, after = -1): Promise<RecordedEvent[]> {
  return drain(store.readStream(stream, after));
}

export const idsOf = (events: readonly ProposedEvent[]) => events.map(({ id }) => id);
export const revisionsOf = (events: readonly RecordedEvent[]) => events.map(({ revision }) => revision);

/** A running subscription that remembers what it was given. */
export class Listener {
  readonly received: RecordedEvent[] = [];
  /** Settles when the subscription ends. */
  readonly ended: Promise<void>;
  private readonly abort = new AbortController();
  private wake: () => void = () => undefined;

  constructor(store: EventStore, prefix: string, after?: Position, signal?: AbortSignal) {
    this.ended = this.run(store.subscribe(prefix, after, signal ?? this.abort.signal));
  }

  /** Waits until so many different events have come, and gives the first sight of each in order. */
  async until(count: number): Promise<RecordedEvent[]> {
    while (this.firsts().length < count)
      await Promise.race([
        this.ended.then(() => this.missing(count)),
        new Promise<void>((wake) => (this.wake = wake)),
      ]);
    return this.firsts();
  }

  stop(): Promise<void> {
    this.abort.abort();
    return this.ended;
  }

  /** Delivery is at least once: later sights of an event do not count. */
  private firsts(): RecordedEvent[] {
    return [...new Map(this.received.map((event) => [event.id, event])).values()];
  }
  private missing(count: number): void {
    const got = this.firsts().length;
    if (got < count)
      throw new Error(`The subscription ended after ${String(got)} of ${String(count)} events`);
  }
  private async run(deliveries: AsyncIterable<Delivery>): Promise<void> {
    for await (const { events } of deliveries) {
      this.received.push(...events);
      this.wake();
    }
  }
}
