import { type EventEmitter } from 'node:events';
import { Signal } from '../../../src/event-store/signal.js';
import { type Call } from './calls.js';
import { type Failure } from './failure.js';

/** What the two kinds of calls that stream to the client have in common. */
interface Stream<Message> extends EventEmitter {
  write(message: Message): boolean;
  end(): unknown;
}

/** The peer's end of a call that streams to the client. Nothing is sent once the call is over. */
export class Outlet<Message> {
  private readonly drained = new Signal();

  constructor(
    private readonly stream: Stream<Message>,
    readonly call: Call,
  ) {
    stream.on('drain', () => this.drained.raise());
    void call.over.then(() => this.drained.raise());
  }

  /** Sends a message, and waits while the client takes none. */
  async write(message: Message): Promise<void> {
    if (this.call.open && !this.stream.write(message)) await this.drained.raised();
  }

  /** Ends the call with OK. */
  end(): void {
    if (!this.call.open) return;
    this.call.ended = true;
    this.stream.end();
  }

  /** Ends the call with an error, after what was sent before. */
  fail(failure: Failure): void {
    if (!this.call.open) return;
    this.call.ended = true;
    this.stream.emit('error', failure);
  }
}
