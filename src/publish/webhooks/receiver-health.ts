import { type WarningLevel, warningAfter } from './retry-schedule.js';

/** So many different units must fail in a row before the receiver counts as down. */
const DOWN_AFTER = 8;
/** How often a receiver that is down is tried with a unit that has had no attempt, in milliseconds. */
const PROBE_MS = 60_000;

/** What the attempts say of a receiver. Times are in milliseconds since the epoch. */
export class ReceiverHealth {
  /** Units that have failed since one was accepted. */
  private readonly failing: Set<string>;
  private probe = 0;

  /**
   * @param failing ids of units that have failed and are held
   * @param warned the last warning since something was accepted
   */
  constructor(
    failing: readonly string[],
    private warned: WarningLevel | 0,
  ) {
    this.failing = new Set(failing);
  }

  /** Whether something has failed since the last unit was accepted. */
  get isDoubtful(): boolean {
    return this.failing.size > 0;
  }

  get isDown(): boolean {
    return this.failing.size >= DOWN_AFTER;
  }

  /** Before this time a receiver that is down gets nothing that has had no attempt. */
  get nextProbe(): number {
    return this.isDown ? this.probe : 0;
  }

  get lastWarning(): WarningLevel | 0 {
    return this.warned;
  }

  accepted(): void {
    this.failing.clear();
    this.warned = 0;
  }

  failed(id: string, now: number): void {
    this.failing.add(id);
    if (this.isDown) this.probe = now + PROBE_MS;
  }

  forget(id: string): void {
    this.failing.delete(id);
  }

  /** The warning after so many failed attempts of one unit. A level is told once until something is accepted. */
  warning(failures: number): WarningLevel | undefined {
    const level = warningAfter(failures);
    if (level === undefined || level <= this.warned) return undefined;
    this.warned = level;
    return level;
  }
}
