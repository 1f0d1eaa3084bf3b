import { randomUUID } from 'node:crypto';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Signal } from '../../../src/event-store/signal.js';
import { type Failure, unavailable, unimplemented } from './failure.js';
import { FaultQueue, Tap } from './faults.js';
import { type LoggedEvent, type PeerLog } from './log.js';
import { caughtUp, checkpoint, confirmation, eventMessage } from './messages.js';
import { type Outlet } from './outlet.js';
import { type Filter, filterOf } from './selection.js';

/** What a subscription asked for; a position is exclusive. */
export interface SubscriptionRequest {
  readonly from: 'start' | 'end' | number;
  readonly prefixes: readonly string[];
}

/** Serves subscriptions to $all. */
export class Subscriptions {
  /** Every subscription that has come, in order. */
  readonly requests: SubscriptionRequest[] = [];
  /** Whether each event is delivered twice. */
  twice = false;
  /** Errors that the next subscriptions end with at once, one each. */
  readonly refusals = new FaultQueue<Failure>();
  private readonly tap = new Tap();
  private readonly running = new Set<Outlet<streams.ReadResp>>();

  constructor(
    private readonly log: PeerLog,
    private readonly changed: Signal,
  ) {}

  /** Subscriptions in progress. */
  get open(): number {
    return this.running.size;
  }
  /** Delivers nothing from now on, but keeps the calls open. */
  stall(): void {
    this.tap.turn(true);
  }
  resume(): void {
    this.tap.turn(false);
  }
  /** Ends all subscriptions with an error, UNAVAILABLE if not said otherwise. */
  drop(failure = unavailable()): void {
    for (const outlet of this.running) outlet.fail(failure);
  }
  /** Ends all subscriptions as if there were nothing more to come. */
  end(): void {
    for (const outlet of this.running) outlet.end();
  }

  async serve(options: streams.ReadReq.Options, outlet: Outlet<streams.ReadResp>): Promise<void> {
    const all = options.getAll();
    if (all === undefined) {
      outlet.fail(unimplemented('A subscription to one stream'));
      return;
    }
    const position = Number(all.getPosition()?.getCommitPosition());
    const from = all.hasPosition() ? position : all.hasEnd() ? 'end' : 'start';
    const filter = filterOf(options);
    this.requests.push({ from, prefixes: filter.prefixes });
    const refusal = this.refusals.shift();
    if (refusal === undefined) this.running.add(outlet);
    else outlet.fail(refusal);
    this.changed.raise();
    await this.deliver(this.indexAfter(from), filter, outlet);
    this.running.delete(outlet);
    this.changed.raise();
  }

  private async deliver(start: number, filter: Filter, outlet: Outlet<streams.ReadResp>): Promise<void> {
    const greeting = [confirmation(randomUUID())];
    let considered = 0;
    let isLive = false;
    for (let index = start; outlet.call.open;) {
      const next = this.log.all[index];
      const hello = this.tap.shut ? undefined : greeting.pop();
      if (hello !== undefined) await outlet.write(hello);
      else if (this.tap.shut || (next === undefined && isLive))
        await Promise.race([this.log.appended.raised(), this.tap.turned.raised(), outlet.call.over]);
      else if (next === undefined) {
        isLive = true;
        await outlet.write(caughtUp());
      } else {
        index++;
        if (filter.passes(next)) await this.send(next, outlet);
        if (filter.checkpointInterval !== undefined && ++considered % filter.checkpointInterval === 0)
          await outlet.write(checkpoint(next.position));
      }
    }
  }

  private async send(event: LoggedEvent, outlet: Outlet<streams.ReadResp>): Promise<void> {
    await outlet.write(eventMessage(event));
    if (this.twice) await outlet.write(eventMessage(event));
  }
  /** Where in the log a subscription begins. */
  private indexAfter(from: SubscriptionRequest['from']): number {
    if (from === 'start') return 0;
    if (from === 'end') return this.log.all.length;
    const index = this.log.all.findIndex(({ position }) => position > from);
    return index < 0 ? this.log.all.length : index;
  }
}
