import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Signal } from '../../../src/event-store/signal.js';
import { unavailable } from './failure.js';
import { FaultQueue, Hold, type ReadFault } from './faults.js';
import { type LoggedEvent, type PeerLog } from './log.js';
import { eventMessage, streamName, streamNotFound } from './messages.js';
import { type Outlet } from './outlet.js';
import { selectFromAll, selectFromStream } from './selection.js';

/** Serves readStream and readAll, each with its fault if there is one for it. */
export class Reads {
  readonly faults = new FaultQueue<ReadFault>();
  /** Reads of $all that have come. */
  ofAll = 0;
  /** Events that reads have sent. */
  sent = 0;
  /** Reads that the client gave up before their end. */
  cancelled = 0;
  private readonly byStream = new Map<string, number>();

  /** @param cut cuts all connections after what was written before */
  constructor(
    private readonly log: PeerLog,
    private readonly cut: () => void,
    private readonly changed: Signal,
  ) {}

  /** How many reads of a stream have come. */
  of(stream: string): number {
    return this.byStream.get(stream) ?? 0;
  }

  async serve(options: streams.ReadReq.Options, outlet: Outlet<streams.ReadResp>): Promise<void> {
    this.count(options);
    const fault = this.faults.shift();
    if (fault === 'hang') return;
    if (fault === 'unavailable') outlet.fail(unavailable());
    if (fault instanceof Hold) await fault.wait();
    const cutAfter = typeof fault === 'object' && 'cutAfter' in fault ? fault.cutAfter : undefined;
    for (const event of this.select(options).slice(0, cutAfter)) {
      this.sent++;
      await outlet.write(eventMessage(event));
      if (!outlet.call.open) return;
    }
    if (cutAfter !== undefined) this.cut();
    const stream = options.getStream()?.getStreamIdentifier();
    if (stream !== undefined && this.log.of(streamName(stream)).length === 0)
      await outlet.write(streamNotFound(streamName(stream)));
    outlet.end();
  }

  private select(options: streams.ReadReq.Options): readonly LoggedEvent[] {
    return options.hasAll() ? selectFromAll(this.log, options) : selectFromStream(this.log, options);
  }
  private count(options: streams.ReadReq.Options): void {
    const stream = options.getStream();
    if (stream === undefined) this.ofAll++;
    else {
      const name = streamName(stream.getStreamIdentifier());
      this.byStream.set(name, this.of(name) + 1);
    }
    this.changed.raise();
  }
}
