import { Rejection, type RejectionCode, rejections } from '../../domain/rejection.js';
import { StoreUnavailable } from '../../event-store/event-store.js';

/** The end of a channel between two threads. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** What one side lets the other one call, by name. */
export type Callable = Readonly<Record<string, (argument: never, signal: AbortSignal) => unknown>>;

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };

/** An error on its way: its class does not survive that. */
interface Failure {
  readonly name: 'Rejection' | 'StoreUnavailable' | 'Error';
  readonly code?: string;
  readonly message: string;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls between two threads, in both directions. */
export class RemoteCalls {
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, AbortController>();
  private last = 0;

  constructor(
    private readonly port: Port,
    private readonly callable: Callable,
  ) {
    // Both sides are this class.
    port.on('message', (message) => void this.take(message as Message));
  }

  /** @throws Rejection, StoreUnavailable or Error, as it was thrown over there; the signal's reason when it aborts */
  call(name: string, argument: unknown, signal?: AbortSignal): Promise<unknown> {
    const id = (this.last += 1);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.pending.delete(id);
        this.port.postMessage({ kind: 'abort', id } satisfies Message);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'));
      };
      if (signal?.aborted) {
        giveUp();
        return;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
      const done = () => signal?.removeEventListener('abort', giveUp);
      this.pending.set(id, {
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.port.postMessage({ kind: 'call', id, name, argument } satisfies Message);
    });
  }

  /** For when the other side is gone. */
  failAll(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    for (const running of this.running.values()) running.abort(error);
  }

  private async take(message: Message): Promise<void> {
    const { id } = message;
    if (message.kind === 'call') return this.run(id, message.name, message.argument);
    if (message.kind === 'abort') return this.running.get(id)?.abort(new Error('Aborted'));
    const pending = this.pending.get(id);
    this.pending.delete(id);
    if (message.kind === 'result') pending?.resolve(message.value);
    else pending?.reject(errorOf(message.failure));
  }

  private async run(id: number, name: string, argument: unknown): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const value = await this.callable[name]?.(argument as never, controller.signal);
      this.port.postMessage({ kind: 'result', id, value } satisfies Message);
    } catch (error) {
      this.port.postMessage({ kind: 'failure', id, failure: failureOf(error) } satisfies Message);
    } finally {
      this.running.delete(id);
    }
  }
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Rejection) return { name: 'Rejection', code: error.code, message };
  return { name: error instanceof StoreUnavailable ? 'StoreUnavailable' : 'Error', message };
}

function errorOf({ name, code, message }: Failure): Error {
  if (name === 'Rejection' && isCode(code)) return new Rejection(code, message);
  return name === 'StoreUnavailable' ? new StoreUnavailable(message) : new Error(message);
}

function isCode(code: string | undefined): code is RejectionCode {
  return code !== undefined && Object.hasOwn(rejections, code);
}
