import { type Metadata } from '@grpc/grpc-js';
import { type Signal } from '../../../src/event-store/signal.js';

/** What every kind of call of the server has: `cancelled` comes at its end, however it ended. */
interface RawCall {
  readonly metadata: Metadata;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** A call in progress. */
export class Call {
  /** Settles when the call is over, however it ended. */
  readonly over: Promise<void>;
  /** Whether the peer itself has ended the call. */
  ended = false;
  private gone = false;

  constructor(
    private readonly raw: RawCall,
    onOver: (call: Call) => void,
  ) {
    this.over = new Promise((resolve) =>
      raw.once('cancelled', () => {
        this.gone = true;
        onOver(this);
        resolve();
      }),
    );
  }

  /** Whether messages can still be sent. */
  get open(): boolean {
    return !this.gone && !this.ended;
  }
  get requiresLeader(): boolean {
    return this.header('requires-leader') === 'true';
  }

  /** The first value of a request header. */
  header(name: string): string | undefined {
    return this.raw.metadata.get(name)[0]?.toString();
  }
}

/** The calls in progress, to prove that none leaks. */
export class Calls {
  private readonly calls = new Set<Call>();

  constructor(private readonly changed: Signal) {}

  get open(): number {
    return this.calls.size;
  }

  track(raw: RawCall, onCancel: () => void = () => undefined): Call {
    const call = new Call(raw, (over) => {
      this.calls.delete(over);
      if (!over.ended) onCancel();
      this.changed.raise();
    });
    this.calls.add(call);
    this.changed.raise();
    return call;
  }

  /** The peer cuts the connections: what ends now was not cancelled by a client. */
  abandon(): void {
    for (const call of this.calls) call.ended = true;
  }
}
