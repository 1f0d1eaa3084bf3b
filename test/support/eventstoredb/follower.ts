import type { Delivery, EventStore, Position } from '../../../src/event-store/event-store.js';
import { idsOf } from '../log.js';

/** A subscription to the streams of `a-` that remembers all it was told; `onDelivery` may hold up what comes after. */
export class Follower {
  readonly deliveries: Delivery[] = [];
  /** Settles when the subscription ends: to the error if there was one. */
  readonly ended: Promise<unknown>;
  private readonly abort = new AbortController();

  constructor(
    private readonly store: EventStore,
    after?: Position,
    onDelivery: (delivery: Delivery) => unknown = () => undefined,
  ) {
    this.ended = this.run(after, onDelivery).catch((error: unknown) => error);
  }
  get ids(): string[] {
    return this.deliveries.flatMap(({ events }) => idsOf(events));
  }
  /** Where it would resume. */
  get position(): Position | undefined {
    return this.deliveries.findLast(({ position }) => position !== undefined)?.position;
  }
  get saysCaughtUp(): boolean {
    return this.deliveries.some(({ isCaughtUp }) => isCaughtUp);
  }
  stop(): Promise<unknown> {
    this.abort.abort();
    return this.ended;
  }
  private async run(after: Position | undefined, onDelivery: (delivery: Delivery) => unknown): Promise<void> {
    for await (const delivery of this.store.subscribe('a-', after, this.abort.signal)) {
      this.deliveries.push(delivery);
      await onDelivery(delivery);
    }
  }
}
