import {
  type DispatchRules,
  type DispatchState,
  type Failure,
  type Verdict,
  weightOf,
} from './dispatch-state.js';
import { KeyQueues } from './key-queues.js';
import type { Pace } from './pace.js';
import { ReceiverHealth } from './receiver-health.js';
import { LONGEST_ASKED_MS, waitAfter } from './retry-schedule.js';
import type { HeldUnit, Unit } from './unit.js';

/** The most units on their way at once. */
export const MOST_AT_ONCE = 8;
/** How many units are planned ahead of those on their way. */
const AHEAD = 16;
/** How long a unit waits that could not be sent because of this service, in milliseconds. */
const RELEASED_MS = 1_000;
/** The key of all units, where all wait in one queue. */
const ALL = 'all';
/** The key of units about no user, group or role. */
const REST = 'rest';

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
  private queues: KeyQueues<Waiting>;
  /** First in their queues and due, as far as is known. */
  private readonly free = new Set<Waiting>();
  /** First in their queues and not due yet. */
  private readonly resting = new Set<Waiting>();
  private readonly underWay = new Set<string>();
  private readonly health: ReceiverHealth;
  private scanned: string;
  private weight = 0;

  constructor(
    { scanned, held, warned }: DispatchState,
    private rules: DispatchRules,
    private readonly pace: Pace,
    private readonly random: () => number = Math.random,
  ) {
    this.scanned = scanned;
    this.queues = this.newQueues();
    const failing = held.filter(({ failures }) => failures > 0).map(({ id }) => id);
    this.health = new ReceiverHealth(failing, warned);
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

  /** How many more units can be planned now. While too much is held, events are looked at no further. */
  get room(): number {
    if (this.isFull) return 0;
    if (this.rules.order === 'account') return Math.max(MOST_AT_ONCE - this.held.size, 0);
    const most = this.health.isDown ? 1 : AHEAD;
    let fresh = 0;
    for (const { failures } of this.free) if (failures === 0 && ++fresh >= most) return 0;
    return most - fresh;
  }

  /** Whether so much is held that nothing should be added. */
  get isFull(): boolean {
    return this.weight >= this.rules.mostHeld;
  }

  /** Whether something has failed since the last unit was accepted. */
  get isDoubtful(): boolean {
    return this.health.isDoubtful;
  }

  get onTheirWay(): number {
    return this.underWay.size;
  }

  holds(id: string): boolean {
    return this.held.has(id);
  }

  /** Other rules hold from now on, also for what is held already. */
  change(rules: DispatchRules): void {
    const isReordered = rules.order !== this.rules.order;
    this.rules = rules;
    if (!isReordered) return;
    this.queues = this.newQueues();
    this.free.clear();
    this.resting.clear();
    for (const unit of this.held.values()) this.enqueue(unit);
  }

  /** Plans a unit, which is newer than all before. @param after the cursor behind its last event */
  plan(unit: Unit, after: string): void {
    this.hold({ ...unit, failures: 0, due: 0 });
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
      if (unit.failures === 0 && now < this.health.nextProbe) continue;
      this.free.delete(unit);
      this.underWay.add(unit.id);
      this.pace.take(now);
      return { ...unit };
    }
    return undefined;
  }

  /** When {@link next} may have something that it has not now; undefined when only an outcome or an event changes that. */
  nextTime(now: number): number | undefined {
    let first = Infinity;
    for (const { due } of this.resting) first = Math.min(first, due);
    if (this.free.size > 0 && this.underWay.size < this.mostAtOnce)
      first = Math.min(first, Math.max(this.health.nextProbe, now));
    return first === Infinity ? undefined : Math.max(first, this.pace.nextTime);
  }

  accepted(id: string): void {
    this.health.accepted();
    this.drop(id);
  }

  failed(id: string, { retryAfterMs = 0, isGone = false }: Failure, now: number): Verdict {
    const unit = this.held.get(id);
    if (!unit) return { kind: 'skipped' };
    this.underWay.delete(id);
    if (isGone) return { kind: 'disable', reason: 'gone' };
    unit.failures += 1;
    this.health.failed(id, now);
    const asked = Math.min(retryAfterMs, LONGEST_ASKED_MS);
    if (asked > 0) this.pace.rest(now + asked);
    const wait = waitAfter(unit.failures, this.random());
    if (wait === undefined) return this.exhausted(unit);
    unit.due = now + Math.max(wait, asked);
    this.requeue(unit);
    const warning = this.health.warning(unit.failures);
    return { kind: 'again', due: unit.due, ...(warning === undefined ? {} : { warning }) };
  }

  /** Takes a unit back that was on its way and was not sent. */
  release(id: string, now: number): void {
    const unit = this.held.get(id);
    if (!unit || !this.underWay.delete(id)) return;
    unit.due = Math.max(unit.due, now + RELEASED_MS);
    this.requeue(unit);
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
    return { scanned: this.scanned, held: [...this.held.values()], warned: this.health.lastWarning };
  }

  /** What is held that an attempt was made for, or that comes before such a unit, to go on from after a crash. */
  get state(): DispatchState {
    const units = [...this.held.values()];
    const last = units.findLastIndex(({ failures }) => failures > 0);
    const kept = units.slice(0, last + 1);
    const scanned = units[last + 1]?.before ?? this.scanned;
    return { scanned, held: kept, warned: this.health.lastWarning };
  }

  private get mostAtOnce(): number {
    return this.health.isDown ? 1 : MOST_AT_ONCE;
  }

  private newQueues(): KeyQueues<Waiting> {
    const { order } = this.rules;
    return new KeyQueues(({ keys }) => {
      if (order !== 'subject') return order === 'account' ? [ALL] : [];
      return keys.length === 0 ? [REST] : keys;
    });
  }

  private hold(unit: Waiting): void {
    this.held.set(unit.id, unit);
    this.weight += weightOf(unit);
    this.enqueue(unit);
  }

  private enqueue(unit: Waiting): void {
    this.queues.add(unit);
    this.requeue(unit);
  }

  /** Lets a unit wait until it is due, if it is its turn in its queues. */
  private requeue(unit: Waiting): void {
    if (!this.underWay.has(unit.id) && this.queues.isFirst(unit)) this.resting.add(unit);
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
    this.weight -= weightOf(unit);
    this.underWay.delete(id);
    this.free.delete(unit);
    this.resting.delete(unit);
    for (const freed of this.queues.remove(unit)) this.requeue(freed);
  }

  private exhausted(unit: Waiting): Verdict {
    if (this.rules.onExhausted === 'disable') return { kind: 'disable', reason: 'exhausted' };
    this.health.forget(unit.id);
    this.drop(unit.id);
    return { kind: 'skipped' };
  }
}
