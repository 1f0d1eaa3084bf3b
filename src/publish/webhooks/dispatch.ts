import { KeyQueues } from './key-queues.js';
import type { Pace } from './pace.js';
import { LONGEST_ASKED_MS, waitAfter, type WarningLevel, warningAfter } from './retry-schedule.js';
import type { HeldUnit, Unit } from './unit.js';

/** Where the deliveries of a webhook stand: what is needed to go on after a crash. */
export interface DispatchState {
  /** The cursor up to which events were looked at. */
  readonly scanned: string;
  /** Oldest first. */
  readonly held: readonly HeldUnit[];
  /** The last warning since something was accepted. */
  readonly warned: WarningLevel | 0;
}

export interface DispatchRules {
  /** Whether units wait for one another all in one queue. */
  readonly isOneQueue: boolean;
  /** What becomes of a unit after its last attempt. */
  readonly onExhausted: 'disable' | 'skip';
}

/** Why a unit was not accepted. */
export interface Failure {
  /** How long the receiver asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether the receiver wants nothing more at all (410). */
  readonly isGone?: boolean;
}

/** What becomes of a unit after a failed attempt. */
export type Verdict =
  /** It is tried again at a time in milliseconds since the epoch. */
  | { readonly kind: 'again'; readonly due: number; readonly warning?: WarningLevel }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'disable'; readonly reason: 'gone' | 'exhausted' };

/** The most units on their way at once. */
const MOST_AT_ONCE = 8;
/** How many units are planned ahead of those on their way. */
const AHEAD = 16;
/** The most units held. With more, events are not looked at any further until some are accepted or given up. */
const MOST_HELD = 5_000;
/** So many different units must fail in a row before the receiver counts as down. */
const DOWN_AFTER = 8;
/** How often a receiver that is down is tried with a unit that has had no attempt, in milliseconds. */
const PROBE_MS = 60_000;

interface Waiting extends Unit {
  failures: number;
  due: number;
}

/**
 * Decides which unit of a webhook goes out when. It does nothing itself and has no clock: times are given, in
 * milliseconds since the epoch.
 */
export class Dispatch {
  private readonly held = new Map<string, Waiting>();
  private readonly queues = new KeyQueues<Waiting>();
  /** First in their queues and due, as far as is known. */
  private readonly free = new Set<Waiting>();
  /** First in their queues and not due yet. */
  private readonly resting = new Set<Waiting>();
  private readonly underWay = new Set<string>();
  /** Units that have failed since one was accepted. */
  private readonly failing = new Set<string>();
  private scanned: string;
  private warned: WarningLevel | 0;
  private nextProbe = 0;

  constructor(
    { scanned, held, warned }: DispatchState,
    private rules: DispatchRules,
    private readonly pace: Pace,
    private readonly random: () => number = Math.random,
  ) {
    this.scanned = scanned;
    this.warned = warned;
    for (const unit of held) this.hold({ ...unit });
  }

  /** The cursor up to which every event was accepted, given up or not wanted. */
  get watermark(): string {
    const [first] = this.held.values();
    return first?.before ?? this.scanned;
  }

  /** The cursor up to which events were looked at. */
  get cursor(): string {
    return this.scanned;
  }

  /** How many more units can be planned now. */
  get room(): number {
    if (this.held.size >= MOST_HELD) return 0;
    const fresh = [...this.free].filter(({ failures }) => failures === 0).length;
    if (this.rules.isOneQueue) return Math.max(MOST_AT_ONCE - this.held.size, 0);
    return this.isDown ? Math.max(1 - fresh, 0) : Math.max(AHEAD - fresh, 0);
  }

  holds(id: string): boolean {
    return this.held.has(id);
  }

  change(rules: DispatchRules): void {
    this.rules = rules;
  }

  /** Plans a unit, which is newer than all before. @param after the cursor behind its last event */
  plan(unit: Unit, after: string): void {
    this.hold({ ...unit, failures: 0, due: unit.planned });
    this.scanned = after;
  }

  /** Notes that events up to a cursor are not wanted. */
  pass(cursor: string): void {
    this.scanned = cursor;
  }

  /** The next unit to send now; it is on its way then. */
  next(now: number): HeldUnit | undefined {
    if (this.pace.nextTime > now || this.underWay.size >= this.mostAtOnce) return undefined;
    this.wake(now);
    for (const unit of this.free) {
      if (this.isDown && unit.failures === 0 && now < this.nextProbe) continue;
      this.free.delete(unit);
      this.underWay.add(unit.id);
      this.pace.take(now);
      return { ...unit };
    }
    return undefined;
  }

  /** When {@link next} may have something that it has not now; undefined when only an outcome or an event changes that. */
  nextTime(now: number): number | undefined {
    const times = [...this.resting].map(({ due }) => due);
    if (this.free.size > 0 && this.underWay.size < this.mostAtOnce)
      times.push(this.isDown ? this.nextProbe : now);
    return times.length === 0
      ? undefined
      : Math.max(
          times.reduce((a, b) => Math.min(a, b)),
          this.pace.nextTime,
        );
  }

  accepted(id: string): void {
    this.failing.clear();
    this.warned = 0;
    this.drop(id);
  }

  failed(id: string, { retryAfterMs = 0, isGone = false }: Failure, now: number): Verdict {
    const unit = this.held.get(id);
    if (!unit) return { kind: 'skipped' };
    this.underWay.delete(id);
    if (isGone) return { kind: 'disable', reason: 'gone' };
    unit.failures += 1;
    this.failing.add(id);
    if (this.isDown) this.nextProbe = now + PROBE_MS;
    const asked = Math.min(retryAfterMs, LONGEST_ASKED_MS);
    if (asked > 0) this.pace.rest(now + asked);
    const wait = waitAfter(unit.failures, this.random());
    if (wait === undefined) return this.exhausted(unit);
    unit.due = now + Math.max(wait, asked);
    this.resting.add(unit);
    return { kind: 'again', due: unit.due, ...this.warning(unit.failures) };
  }

  /** Takes a unit back that was on its way, as if it had not been sent. */
  release(id: string): void {
    const unit = this.held.get(id);
    if (unit && this.underWay.delete(id)) this.resting.add(unit);
  }

  /** Makes a unit that waits due at once. @returns whether there is such a unit */
  retry(id: string, now: number): boolean {
    const unit = this.held.get(id);
    if (!unit || unit.failures === 0) return false;
    unit.due = Math.min(unit.due, now);
    this.pace.wake(now);
    return true;
  }

  /** Everything that is held. */
  get wholeState(): DispatchState {
    return { scanned: this.scanned, held: [...this.held.values()], warned: this.warned };
  }

  /** What is held that an attempt was made for, or that comes before such a unit, to go on from after a crash. */
  get state(): DispatchState {
    const units = [...this.held.values()];
    const last = units.findLastIndex(({ failures }) => failures > 0);
    const kept = units.slice(0, last + 1);
    return { scanned: units[last + 1]?.before ?? this.scanned, held: kept, warned: this.warned };
  }

  private get mostAtOnce(): number {
    return this.isDown ? 1 : MOST_AT_ONCE;
  }

  private get isDown(): boolean {
    return this.failing.size >= DOWN_AFTER;
  }

  private hold(unit: Waiting): void {
    this.held.set(unit.id, unit);
    this.queues.add(unit);
    if (this.queues.isFirst(unit)) this.resting.add(unit);
  }

  private wake(now: number): void {
    for (const unit of this.resting) {
      if (unit.due > now) continue;
      this.resting.delete(unit);
      this.free.add(unit);
    }
  }

  private drop(id: string): void {
    const unit = this.held.get(id);
    if (!unit) return;
    this.held.delete(id);
    this.underWay.delete(id);
    this.free.delete(unit);
    this.resting.delete(unit);
    for (const freed of this.queues.remove(unit)) this.resting.add(freed);
  }

  private exhausted(unit: Waiting): Verdict {
    if (this.rules.onExhausted === 'disable') return { kind: 'disable', reason: 'exhausted' };
    this.failing.delete(unit.id);
    this.drop(unit.id);
    return { kind: 'skipped' };
  }

  /** A level is told once until something is accepted. */
  private warning(failures: number): { readonly warning?: WarningLevel } {
    const level = warningAfter(failures);
    if (level === undefined || level <= this.warned) return {};
    this.warned = level;
    return { warning: level };
  }
}
