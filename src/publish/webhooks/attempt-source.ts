import { passes } from '../../audit/attempts/attempt-filter.js';
import { shown, triedIn } from '../../audit/attempts/attempts.js';
import type { AttemptKey, AttemptLog, KeptAttempt } from '../../event-store/attempt-log.js';
import { attemptEventOf } from '../../feed/attempt-event.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { SentEvent } from './message.js';
import type { AttemptPlace } from './unit.js';
import { attemptFiltersOf } from './webhook-filter.js';

/** So long after an attempt nothing more is counted with it, and every instance has kept it, in milliseconds. */
const SETTLED_MS = 65_000;
/** How long further ones are counted with an attempt, in milliseconds. */
const COUNTED_MS = 60_000;
const EVER = Number.MAX_SAFE_INTEGER;

/** How far the attempts of one account were looked at. */
export interface AttemptCursor {
  /** The place of the last one that came. */
  readonly place: number;
  /** The last one that was looked at again, for its final count. */
  readonly counted: AttemptKey;
}

export interface AttemptPage {
  readonly places: readonly AttemptPlace[];
  readonly next: AttemptCursor;
  /** Whether there may be more by now. */
  readonly isFull: boolean;
}

/** What a webhook is told of attempts, of the attempts journal of all instances. */
export class AttemptSource {
  constructor(
    private readonly log: Pick<AttemptLog, 'arrivals' | 'read'>,
    private readonly webhook: () => AccountWebhook,
    private readonly base: () => string,
  ) {}

  /**
   * Where to begin: attempts before a time are not wanted, but for those that later ones are counted with.
   * @param time in milliseconds since the epoch
   */
  static beginning(time: number): AttemptCursor {
    return { place: 0, counted: { time: time - COUNTED_MS, at: -1, id: '' } };
  }

  /**
   * Attempts that came after a cursor, and those of a flood once more when their count is final.
   * @param since attempts before this time are not wanted, in milliseconds since the epoch
   * @throws StoreUnavailable
   */
  async after(
    account: string,
    { place, counted }: AttemptCursor,
    { since, now, limit }: { readonly since: number; readonly now: number; readonly limit: number },
  ): Promise<AttemptPage> {
    const until = now - SETTLED_MS;
    const arrived = await this.log.arrivals(account, place, limit);
    const settled = await this.settled(account, counted, until, limit);
    const filters = attemptFiltersOf(this.webhook().webhook);
    const isWanted = (kept: KeptAttempt, from = since) => kept.time >= from && passes(triedIn(kept), filters);
    const placed = (kept: KeptAttempt, final: number | null) => ({ ...keyOf(kept), account, final });
    const again = settled.filter((kept) => triedIn(kept).repeated > 0 && isWanted(kept, since - COUNTED_MS));
    const first = arrived.filter((kept) => isWanted(kept) && !isToldAgain(kept, counted, until));
    return {
      places: [
        ...again.map((kept) => placed(kept, triedIn(kept).repeated)),
        ...first.map((kept) => placed(kept, null)),
      ],
      next: { place: arrived.at(-1)?.place ?? place, counted: keyOf(settled.at(-1) ?? counted) },
      isFull: arrived.length === limit || settled.length === limit,
    };
  }

  /** The attempts at some places, of those that are still kept. @throws StoreUnavailable */
  async read(places: readonly AttemptPlace[]): Promise<readonly SentEvent[]> {
    const events: SentEvent[] = [];
    for (const { account, time, at, id, final } of places) {
      const range = { order: 'asc', times: [time, time], revisions: [at, at] } as const;
      for await (const page of this.log.read(account, range)) {
        const found = page.find((one) => one.id === id);
        if (!found) continue;
        const event = attemptEventOf(account, shown(triedIn(found)), this.base(), final);
        events.push({ id: event.id, text: JSON.stringify(event) });
      }
    }
    return events;
  }

  private async settled(
    account: string,
    after: AttemptKey,
    until: number,
    limit: number,
  ): Promise<readonly KeptAttempt[]> {
    if (until <= after.time) return [];
    const range = { order: 'asc', times: [after.time, until], revisions: [-1, EVER], after } as const;
    for await (const page of this.log.read(account, range)) return page.slice(0, limit);
    return [];
  }
}

function keyOf({ time, at, id }: AttemptKey): AttemptKey {
  return { time, at, id };
}

/** Whether an attempt that has come is told of with its final count, so that it need not be told of before. */
function isToldAgain(kept: KeptAttempt, counted: AttemptKey, until: number): boolean {
  return kept.time > counted.time && kept.time <= until && triedIn(kept).repeated > 0;
}
