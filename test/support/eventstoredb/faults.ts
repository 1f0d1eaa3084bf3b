import { Signal } from '../../../src/event-store/signal.js';
import { type Failure } from './failure.js';

/** What goes wrong with one append; after `take` it takes effect all the same, else it does not. */
export type AppendFault =
  /** All connections are cut. */
  | 'lose'
  | 'take-and-lose'
  /** No answer ever; the connection stays. */
  | 'ignore'
  | 'swallow'
  /** The answer event_store.client.Timeout. */
  | 'timeout'
  | 'take-and-timeout'
  /** The call fails with UNAVAILABLE. */
  | 'unavailable'
  | 'take-and-unavailable'
  /** The answer "Server Is Not Ready". */
  | 'not-ready'
  | 'access-denied'
  /** The call ends with OK and without an answer. */
  | 'end'
  /** Waits. */
  | Hold;

/** What goes wrong with one read, subscriptions aside. */
export type ReadFault =
  /** No answer until the client cancels. */
  | 'hang'
  | 'unavailable'
  /** All connections are cut after that many events. */
  | { readonly cutAfter: number }
  /** Waits before the first event. */
  | Hold;

/** What goes wrong with the question for the server's features, which clients ask before their first append. */
export type FeatureFault = 'hang' | Failure;

/** Keeps one append or read waiting until it is released; it goes on even if its connection is gone by then. */
export class Hold {
  /** Settles when a call has come and waits. */
  readonly reached: Promise<void>;
  private readonly freed: Promise<void>;
  private reach: () => void = () => undefined;
  private free: () => void = () => undefined;

  /** @param before whether an append waits before it takes effect, or with its effect before the answer */
  constructor(readonly before: 'effect' | 'answer' = 'effect') {
    this.reached = new Promise((resolve) => (this.reach = resolve));
    this.freed = new Promise((resolve) => (this.free = resolve));
  }

  release(): void {
    this.free();
  }

  /** The peer's side of it. */
  wait(): Promise<void> {
    this.reach();
    return this.freed;
  }
}

/** Faults for the calls to come, one each. */
export class FaultQueue<Fault> {
  private readonly queue: Fault[] = [];

  push(...faults: Fault[]): void {
    this.queue.push(...faults);
  }
  shift(): Fault | undefined {
    return this.queue.shift();
  }
}

/** A tap of messages that can be stopped for a while. */
export class Tap {
  readonly turned = new Signal();
  private isShut = false;

  get shut(): boolean {
    return this.isShut;
  }
  turn(shut: boolean): void {
    this.isShut = shut;
    this.turned.raise();
  }
}
