import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { SavedDeliveries } from './claim.js';
import { Dispatch, MOST_AT_ONCE } from './dispatch.js';
import type { DispatchRules, DispatchState } from './dispatch-state.js';
import { Pace } from './pace.js';
import { LONGEST_ASKED_MS } from './retry-schedule.js';
import type { HeldUnit } from './unit.js';

type Rules = Pick<WebhookFacts, 'order' | 'on_exhausted' | 'max_per_second'>;

/** How much each lane may hold, in bytes of what is saved of it. EventStoreDB takes a megabyte at once. */
const LIVE_BYTES = 500_000;
const REPEATED_BYTES = 200_000;
/** The most units of what is sent once more on their way at once. The other places are for what is new. */
const MOST_REPEATED = MOST_AT_ONCE / 2;

/**
 * What a webhook sends: new events, and beside them what is sent once more. Neither holds up the other; new events
 * go first. Both keep to one pace.
 */
export class Lanes {
  readonly live: Dispatch;
  readonly repeated: Dispatch;
  private readonly pace: Pace;

  /** @param now in milliseconds since the epoch */
  constructor(
    saved: Pick<SavedDeliveries, 'live' | 'repeated'>,
    rules: Rules,
    now: number,
    random?: () => number,
  ) {
    this.pace = new Pace(rules.max_per_second);
    this.live = new Dispatch(inReach(saved.live, now), liveRules(rules), this.pace, random);
    this.repeated = new Dispatch(inReach(saved.repeated, now), repeatedRules(rules), this.pace, random);
  }

  change(rules: Rules): void {
    this.pace.change(rules.max_per_second);
    this.live.change(liveRules(rules));
    this.repeated.change(repeatedRules(rules));
  }

  /** Everything that is held. */
  get held(): readonly HeldUnit[] {
    return [...this.live.wholeState.held, ...this.repeated.wholeState.held];
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
    return this.live.holds(id) || this.repeated.holds(id);
  }

  retry(id: string, now: number): boolean {
    return this.live.retry(id, now) || this.repeated.retry(id, now);
  }

  /** Those that have a place for one more unit on its way. */
  private get lanes(): Dispatch[] {
    const { live, repeated } = this;
    if (live.onTheirWay + repeated.onTheirWay >= MOST_AT_ONCE) return [];
    return repeated.onTheirWay >= MOST_REPEATED ? [live] : [live, repeated];
  }
}

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
