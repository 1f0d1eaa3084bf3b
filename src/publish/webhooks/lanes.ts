import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { SavedDeliveries } from './claim.js';
import { Dispatch } from './dispatch.js';
import { Pace } from './pace.js';
import type { HeldUnit } from './unit.js';

type Rules = Pick<WebhookFacts, 'order' | 'on_exhausted' | 'max_per_second'>;

/**
 * What a webhook sends: new events, and beside them what is sent once more. Neither holds up the other; new events
 * go first. Both keep to one pace.
 */
export class Lanes {
  readonly live: Dispatch;
  readonly repeated: Dispatch;
  private readonly pace: Pace;

  constructor(saved: Pick<SavedDeliveries, 'live' | 'repeated'>, rules: Rules, random?: () => number) {
    this.pace = new Pace(rules.max_per_second);
    this.live = new Dispatch(saved.live, liveRules(rules), this.pace, random);
    this.repeated = new Dispatch(saved.repeated, repeatedRules(rules), this.pace, random);
  }

  change(rules: Rules): void {
    this.pace.change(rules.max_per_second);
    this.live.change(liveRules(rules));
    this.repeated.change(repeatedRules(rules));
  }

  /** The next unit to send now; it is on its way then. */
  next(now: number): { readonly lane: Dispatch; readonly unit: HeldUnit } | undefined {
    for (const lane of [this.live, this.repeated]) {
      const unit = lane.next(now);
      if (unit) return { lane, unit };
    }
    return undefined;
  }

  nextTime(now: number): number | undefined {
    const times = [this.live, this.repeated].flatMap((lane) => lane.nextTime(now) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  holds(id: string): boolean {
    return this.live.holds(id) || this.repeated.holds(id);
  }

  retry(id: string, now: number): boolean {
    return this.live.retry(id, now) || this.repeated.retry(id, now);
  }
}

function liveRules({ order, on_exhausted }: Rules) {
  return { isOneQueue: order === 'account', onExhausted: on_exhausted };
}

function repeatedRules({ order }: Rules) {
  return { isOneQueue: order === 'account', onExhausted: 'skip' as const };
}
