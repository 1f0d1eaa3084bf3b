import { type Signal } from '../../../src/event-store/signal.js';
import { type Failure, unavailable } from './failure.js';
import { type AppendFault, FaultQueue, Hold } from './faults.js';
import { type Expected, type Outcome, type PeerEvent, type PeerLog } from './log.js';

/** An append as both of its calls put it. */
export interface AppendRequest {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly PeerEvent[];
}

/** What the client gets to hear of an append. */
export type Answer =
  | Outcome
  | { readonly type: 'timeout' | 'access-denied' | 'not-ready' }
  | { readonly type: 'too-large'; readonly limit: number }
  | { readonly type: 'nothing' }
  | { readonly type: 'call-ends' }
  | { readonly type: 'call-fails'; readonly failure: Failure };

const NOTHING: Answer = { type: 'nothing' };

/** Takes appends into the log, each with its fault if there is one for it. */
export class Appends {
  /** Appends that have come, whatever became of them. */
  received = 0;
  readonly faults = new FaultQueue<AppendFault>();
  /** Positions of appends that are written, but not known to be replicated. */
  private readonly unreplicated = new Set<number>();

  /**
   * @param limit the most bytes of one append
   * @param isReady whether the cluster has a leader
   * @param cut cuts all connections
   */
  constructor(
    private readonly log: PeerLog,
    private readonly limit: number,
    private readonly isReady: () => boolean,
    private readonly cut: () => void,
    private readonly changed: Signal,
  ) {}

  async take(request: AppendRequest): Promise<Answer> {
    this.received++;
    const fault = this.faults.shift();
    this.changed.raise();
    if (request.events.reduce((sum, event) => sum + bytesOf(event), 0) > this.limit)
      return { type: 'too-large', limit: this.limit };
    if (!this.isReady()) return { type: 'not-ready' };
    return fault instanceof Hold ? this.hold(request, fault) : this.misbehave(request, fault);
  }

  /** Makes all events of a stream unreadable. */
  remove(stream: string): void {
    this.log.truncate(stream, this.log.of(stream).length);
  }

  private async hold(request: AppendRequest, hold: Hold): Promise<Answer> {
    if (hold.before === 'effect') await hold.wait();
    const outcome = this.write(request);
    if (hold.before === 'answer') await hold.wait();
    return outcome;
  }

  private misbehave(request: AppendRequest, fault: Exclude<AppendFault, Hold> | undefined): Answer {
    if (fault === undefined) return this.write(request);
    if (fault === 'swallow' || fault.startsWith('take-')) this.write(request);
    switch (fault) {
      case 'lose':
      case 'take-and-lose':
        this.cut();
        return NOTHING;
      case 'ignore':
      case 'swallow':
        return NOTHING;
      case 'timeout':
      case 'take-and-timeout':
        return { type: 'timeout' };
      case 'unavailable':
      case 'take-and-unavailable':
        return { type: 'call-fails', failure: unavailable() };
      case 'not-ready':
      case 'access-denied':
        return { type: fault };
      case 'end':
        return { type: 'call-ends' };
    }
  }

  /** A server drops what repeats an append that is not replicated yet: its writer hears that its time is over. */
  private write({ stream, expected, events }: AppendRequest): Answer {
    const before = this.log.all.length;
    const outcome = this.log.append(stream, expected, events);
    if (outcome.type !== 'written' || outcome.position === undefined) return outcome;
    const { position } = outcome;
    const isRepeat = this.log.all.length === before;
    if (isRepeat) return this.unreplicated.has(position) ? { type: 'timeout' } : outcome;
    this.unreplicated.add(position);
    setImmediate(() => this.unreplicated.delete(position));
    return outcome;
  }
}

/** The size of an event as the server's limit counts it. */
function bytesOf({ type, data, metadata }: PeerEvent): number {
  return 2 * type.length + data.length + metadata.length;
}
