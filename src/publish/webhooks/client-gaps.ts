import type { ClientGap } from '../../domain/webhook-record.js';
import { accountOf, accountStreams } from '../../event-store/codec.js';
import type { EventStore, Position, RecordedEvent } from '../../event-store/event-store.js';
import type { LogCursors } from '../../feed/log-cursors.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Moments } from '../../read/moment.js';
import type { Projector } from '../../read/projector.js';
import type { Tree } from '../../read/tree.js';
import type { SavedDeliveries } from './claim.js';
import { watermarkOf } from './dispatch-state.js';
import { type FamilySource, placeIn } from './family-source.js';

/** The most events of the log that are looked at. */
const MOST_LOOKED_AT = 200_000;
/** So much the clocks of instances may differ, in milliseconds. */
const SKEW_MS = 3_600_000;

export interface ClientGapsParts {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly tree: Pick<Tree, 'everParentOf' | 'activeAccounts'>;
  readonly views: Pick<Projector, 'revisionOf'>;
  readonly moments: Pick<Moments, 'atTime'>;
  readonly cursors: Pick<LogCursors, 'holds'>;
  readonly source: (webhook: () => AccountWebhook) => Pick<FamilySource, 'startAfter'>;
}

/** Tells what the clients of a company have behind a place in the log. */
export class ClientGaps {
  constructor(
    private readonly parts: ClientGapsParts,
    private readonly mostLookedAt = MOST_LOOKED_AT,
  ) {}

  /**
   * What a webhook that is disabled was not sent of the clients.
   * @param saved what its sender has saved of it
   * @throws StoreUnavailable
   */
  async of(one: AccountWebhook, saved: SavedDeliveries | undefined): Promise<readonly ClientGap[]> {
    const { after, since } = one.webhook;
    const { cursors, source } = this.parts;
    const known =
      saved?.isOfFamily === true && saved.since === since ? placeIn(watermarkOf(saved.live)) : undefined;
    const isHere = known !== undefined && (await cursors.holds(known));
    const place = isHere ? known : placeIn(await source(() => one).startAfter(after));
    return this.after(one.account, place.position);
  }

  /**
   * The revisions of each client that come behind a place, as far as the views show them. Where there is too much to look
   * at, a gap may begin up to an hour too early: what is replayed twice has the same id.
   * @throws StoreUnavailable
   */
  async after(company: string, position: Position): Promise<readonly ClientGap[]> {
    const { store, tree, views } = this.parts;
    const first = new Map<string, number>();
    const isClient = new Map<string, boolean>();
    let looked = 0;
    let last: RecordedEvent | undefined;
    for await (const page of store.readAll(accountStreams, position)) {
      for (const { stream, revision } of page) {
        const account = accountOf(stream);
        const isOurs = isClient.get(account) ?? tree.everParentOf(account) === company;
        isClient.set(account, isOurs);
        if (isOurs && !first.has(account)) first.set(account, revision);
      }
      looked += page.length;
      last = page.at(-1);
      if (looked >= this.mostLookedAt) break;
      await new Promise(setImmediate);
    }
    if (last && looked >= this.mostLookedAt) this.addThoseSince(company, timeOf(last) - SKEW_MS, first);
    return [...first].flatMap(([client_id, from]) => {
      const to = views.revisionOf(client_id);
      return to < from ? [] : [{ client_id, from, to }];
    });
  }

  /** Clients that something has happened to since a time, from then on. */
  private addThoseSince(company: string, time: number, first: Map<string, number>): void {
    const { tree, moments } = this.parts;
    for (const { account } of tree.activeAccounts(company, time))
      if (account !== company && !first.has(account))
        first.set(account, (moments.atTime(account, time)?.revision ?? -1) + 1);
  }
}

function timeOf({ metadata }: RecordedEvent): number {
  const { time } = JSON.parse(metadata) as { readonly time: string };
  return Date.parse(time);
}
