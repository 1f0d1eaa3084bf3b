import { type EventEmitter, once } from 'node:events';
import { type Call } from './calls.js';
import { type Failure } from './failure.js';

/** What the two kinds of calls that stream to the client have in common. */
interface Stream<Message> extends EventEmitter {
  write(message: Message): boolean;
  end(): unknown;
}

/** The peer's end of a call that streams to the client. Nothing is sent once the call is over. */
export class Outlet<Message> {
  constructor(
    private readonly stream: Stream<Message>,
    readonly call: Call,
  ) {}

  /** Sends a message, and waits while the client takes none. */
  async write(message: Message): Promise<void> {
    if (!this.call.open || this.stream.write(message)) return;
    const abort = new AbortController();
    const drained = once(this.stream, 'drain', { signal: abort.signal }).catch(() => undefined);
    await Promise.race([drained, this.call.over]);
    abort.abort();
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
