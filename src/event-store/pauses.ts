import { setTimeout as sleep } from 'node:timers/promises';

export interface PauseOptions {
  /** Ends a pause early. */
  readonly signal?: AbortSignal;
  /** Whether a pause keeps the process alive; true by default. */
  readonly ref?: boolean;
}

/**
 * The pauses between the tries of one piece of work. Each is about twice as long as the last, up to a limit.
 */
export class Pauses {
  private base: number;
  private upcoming: number;

  /**
   * @param from the first pause
   * @param to the longest pause; both are in milliseconds and vary by up to a quarter
   */
  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly options: PauseOptions = {},
  ) {
    this.base = from;
    this.upcoming = jittered(from);
  }

  /** The length of the next pause, in milliseconds. */
  get next(): number {
    return this.upcoming;
  }

  /** Waits. An aborted signal ends it without an error. */
  async take(): Promise<void> {
    const pause = this.upcoming;
    this.begin(Math.min(this.base * 2, this.to));
    await sleep(pause, undefined, this.options).catch(() => undefined);
  }

  /** Begins with the first pause again. It is called after a success. */
  reset(): void {
    this.begin(this.from);
  }

  private begin(base: number): void {
    this.base = base;
    this.upcoming = jittered(base);
  }
}

/**
 * A duration that chance makes up to a quarter shorter or longer. So instances that began together do not
 * stay in step.
 */
export function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}
