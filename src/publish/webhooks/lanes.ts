import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { SavedDeliveries } from './claim.js';
import { Dispatch, MOST_AT_ONCE } from './dispatch.js';
import type { DispatchRules, DispatchState } from './dispatch-state.js';
import { Pace } from './pace.js';
import { LONGEST_ASKED_MS } from './retry-schedule.js';
import type { HeldUnit } from './unit.js';

type Rules = Pick<WebhookFacts, 'order' | 'on_exhausted' | 'max_per_second'>;

/**
 * How much each lane may hold, in bytes of what is saved of it. Each may exceed that by what is planned at once, which is
 * about 150 kB for a thousand events. All together stay below the megabyte that EventStoreDB takes at once.
 */
const LIVE_BYTES = 300_000;
const REPEATED_BYTES = 100_000;
const ATTEMPT_BYTES = 60_000;
/** So many events are planned at once, or one batch where that is more. */
const PLANNED_AT_ONCE = 500;
/** The most units of attempts, and of what is sent once more, on their way at once. The other places are for what is new. */
const MOST_REPEATED = MOST_AT_ONCE / 2;

/**
 * What a webhook sends: new events, beside them attempts, and what is sent once more. None holds up another; new events
 * go first. All keep to one pace.
 */
export class Lanes {
  readonly live: Dispatch;
  readonly attempts: Dispatch;
  readonly repeated: Dispatch;
  private readonly pace: Pace;

  /** @param now in milliseconds since the epoch */
  constructor(
    saved: Pick<SavedDeliveries, 'live' | 'repeated' | 'attempts'>,
    rules: Rules,
    now: number,
    random?: () => number,
  ) {
    this.pace = new Pace(rules.max_per_second);
    this.live = new Dispatch(inReach(saved.live, now), liveRules(rules), this.pace, random);
    this.attempts = new Dispatch(inReach(saved.attempts?.lane ?? none, now), ofAttempts, this.pace, random);
    this.repeated = new Dispatch(inReach(saved.repeated, now), repeatedRules(rules), this.pace, random);
  }

  change(rules: Rules): void {
    this.pace.change(rules.max_per_second);
    this.live.change(liveRules(rules));
    this.repeated.change(repeatedRules(rules));
  }

  /** Everything that is held. */
  get held(): readonly HeldUnit[] {
    return this.all.flatMap((lane) => lane.wholeState.held);
  }

  /** The next unit to send now; it is on its way then. */
  next(now: number): { readonly lane: Dispatch; readonly unit: HeldUnit } | undefined {
    for (const lane of this.lanes) {
      const unit = lane.next(now);
      if (unit) return { lane, unit };
    }
    return undefined;
  }

  nextTime(now: number): number | undefined {
    const times = this.lanes.flatMap((lane) => lane.nextTime(now) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  holds(id: string): boolean {
    return this.all.some((lane) => lane.holds(id));
  }

  retry(id: string, now: number): boolean {
    return this.all.some((lane) => lane.retry(id, now));
  }

  /** Those that have a place for one more unit on its way. */
  private get lanes(): Dispatch[] {
    const { live, attempts, repeated } = this;
    const besides = attempts.onTheirWay + repeated.onTheirWay;
    if (live.onTheirWay + besides >= MOST_AT_ONCE) return [];
    return besides >= MOST_REPEATED ? [live] : this.all;
  }

  private get all(): Dispatch[] {
    return [this.live, this.attempts, this.repeated];
  }
}

/** The most events to plan at once where there is room for so many units. */
export function mostPlanned(room: number, { batch }: Pick<WebhookFacts, 'batch'>): number {
  return Math.min(room * batch, Math.max(batch, PLANNED_AT_ONCE));
}

/** An attempt waits for no other, and one that is not accepted switches nothing off. */
const ofAttempts: DispatchRules = { order: 'none', onExhausted: 'skip', mostHeld: ATTEMPT_BYTES };
const none: DispatchState = { scanned: '', held: [], warned: 0 };

function liveRules({ order, on_exhausted }: Rules): DispatchRules {
  return { order, onExhausted: on_exhausted, mostHeld: LIVE_BYTES };
}

function repeatedRules({ order }: Rules): DispatchRules {
  return { order, onExhausted: 'skip', mostHeld: REPEATED_BYTES };
}

/** Nothing waits longer than it can be made to: the clock by which its time was set may have been ahead. */
function inReach(state: DispatchState, now: number): DispatchState {
  const latest = now + LONGEST_ASKED_MS * 1.1;
  const held = state.held.map((unit) => ({ ...unit, due: Math.min(unit.due, latest) }));
  return { ...state, held };
}
