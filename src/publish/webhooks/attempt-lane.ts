import type { WebhookFacts } from '../../domain/webhook-record.js';
import { ATTEMPT_RECORDED, attemptEventId } from '../../feed/attempt-event.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import { type AttemptCursor, AttemptSource } from './attempt-source.js';
import type { SavedAttempts, SavedDeliveries } from './claim.js';
import type { DeliveryJournal } from './delivery-journal.js';
import { type Lanes, mostPlanned } from './lanes.js';
import type { SentEvent } from './message.js';
import type { AttemptPlace, Unit } from './unit.js';

/** How many accounts are looked at in one go, and how long the list of a company's clients is used, in milliseconds. */
const ACCOUNTS_AT_ONCE = 20;
const LIST_MS = 30_000;

export interface AttemptLaneParts {
  readonly source: AttemptSource;
  /** The webhook's account, and those of its clients. */
  readonly accounts: (company: string) => readonly string[];
  /** When the event at a revision happened, in milliseconds since the epoch. */
  readonly timeOf: (account: string, revision: number) => number;
}

/** The attempts that a webhook is told of, where it includes them. They have places of their own and hold up nothing else. */
export class AttemptLane {
  private since: number | undefined;
  /** Of accounts that had attempts. Where one has none yet, `since` says where it begins. */
  private readonly cursors: Map<string, AttemptCursor>;
  private list: { readonly accounts: readonly string[]; readonly until: number } | undefined;
  private turn = 0;
  /** Whether nothing was looked for yet since the webhook was made or enabled. */
  private isNew: boolean;

  /** @param parts none where no attempts are kept */
  constructor(
    private readonly lanes: Lanes,
    private readonly parts: AttemptLaneParts | undefined,
    saved: SavedDeliveries,
  ) {
    this.isNew = saved.attempts === undefined;
    this.since = saved.attempts?.since;
    this.cursors = new Map(Object.entries(saved.attempts?.cursors ?? {}));
  }

  get state(): { readonly attempts?: SavedAttempts | null } {
    if (this.since === undefined) return { attempts: null };
    const lane = this.lanes.attempts.wholeState;
    return { attempts: { since: this.since, cursors: Object.fromEntries(this.cursors), lane } };
  }

  read(places: readonly AttemptPlace[]): Promise<readonly SentEvent[]> {
    return this.parts?.source.read(places) ?? Promise.resolve([]);
  }

  /**
   * Looks for attempts, as far as there is room. @returns what came of it
   * @throws StoreUnavailable
   */
  async plan(
    { account, webhook }: AccountWebhook,
    journal: DeliveryJournal,
    now: number,
  ): Promise<'nothing' | 'something' | 'more'> {
    const { parts, lanes } = this;
    const { isNew } = this;
    this.isNew = false;
    if (!parts || !webhook.include_attempts) {
      this.since = undefined;
      return 'nothing';
    }
    // A webhook that includes them from now on gets those from now on.
    const since = (this.since ??= isNew ? parts.timeOf(account, webhook.since) : now);
    let came: 'nothing' | 'something' | 'more' = 'nothing';
    for (const one of this.nextAccounts(account, webhook)) {
      // Both what has come and what is told of once more may be so many.
      const limit = Math.ceil(mostPlanned(lanes.attempts.room, webhook) / 2);
      if (limit <= 0) return came;
      const cursor = this.cursors.get(one) ?? AttemptSource.beginning(since);
      const { places, next, isFull } = await parts.source.after(one, cursor, { since, now, limit });
      if (next.place !== cursor.place || next.counted.id !== cursor.counted.id) this.cursors.set(one, next);
      for (const unit of unitsOf(places, webhook, now)) {
        lanes.attempts.plan(unit, '');
        journal.planned(unit);
      }
      if (isFull) came = 'more';
      else if (came === 'nothing' && (places.length > 0 || next.place !== cursor.place)) came = 'something';
    }
    return came;
  }

  /** The account, and some of its clients in turn. */
  private nextAccounts(account: string, { include_clients }: WebhookFacts): readonly string[] {
    if (!include_clients) return [account];
    const now = performance.now();
    if (!this.list || now >= this.list.until)
      this.list = { accounts: this.parts?.accounts(account) ?? [account], until: now + LIST_MS };
    const { accounts } = this.list;
    const from = this.turn < accounts.length ? this.turn : 0;
    this.turn = from + ACCOUNTS_AT_ONCE;
    return [account, ...accounts.slice(from, this.turn).filter((one) => one !== account)];
  }
}

function unitsOf(places: readonly AttemptPlace[], { batch }: WebhookFacts, planned: number): readonly Unit[] {
  const units: Unit[] = [];
  for (let start = 0; start < places.length; start += batch) {
    const attempts = places.slice(start, start + batch);
    const last = attempts.at(-1);
    if (!last) continue;
    const { account, id, final } = last;
    units.push({
      ...{ id: `attempt.${id}${final === null ? '' : `.${final}`}`, events: [], attempts },
      ...{ eventId: attemptEventId(account, id, final), type: ATTEMPT_RECORDED },
      ...{ keys: [], before: '', planned },
    });
  }
  return units;
}
