import type { SubscriberLog, SubscriberState } from '../../event-store/subscriber-log.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import { Claim, LEASE_MS, savedIn, type SavedDeliveries } from './claim.js';
import type { RunParts } from './webhook-run.js';

export interface ClaimsParts extends Pick<RunParts, 'source' | 'clock'> {
  readonly log: SubscriberLog;
  readonly instance: string;
  /** Whether this process alone sends for the webhooks of this log while it runs. */
  readonly isAlone: boolean;
}

/** Takes the claims of webhooks that no other instance sends for. */
export class Claims {
  /** The state of a webhook that another instance sends for, and since when it has not changed, by the monotonic clock. */
  private readonly others = new Map<string, { readonly revision: number; readonly at: number }>();

  constructor(private readonly parts: ClaimsParts) {}

  /** @returns undefined when another instance has the claim @throws StoreUnavailable, StoreUnusable */
  async take(
    one: AccountWebhook,
  ): Promise<{ readonly claim: Claim; readonly saved: SavedDeliveries } | undefined> {
    const { log, instance } = this.parts;
    const { id } = one.webhook;
    const before = await log.state(id);
    if (before && this.isOthers(id, before)) return undefined;
    const saved = before && savedIn(before);
    const begin = await this.goingOn(one, saved);
    const taken = await Claim.take(log, id, instance, before, begin);
    if (taken) this.others.delete(id);
    return taken;
  }

  forget(id: string): void {
    this.others.delete(id);
  }

  /** Another instance holds the claim until it has shown no sign for as long as a claim lasts. */
  private isOthers(id: string, before: SubscriberState): boolean {
    const { instance } = savedIn(before);
    if (instance === null || instance === this.parts.instance || this.parts.isAlone) return false;
    const seen = this.others.get(id);
    if (seen?.revision !== before.revision) {
      this.others.set(id, { revision: before.revision, at: performance.now() });
      return true;
    }
    return performance.now() - seen.at < LEASE_MS;
  }

  /** A webhook goes on from what was saved; from where it was made, if that was later, or enabled. */
  private async goingOn(one: AccountWebhook, saved: SavedDeliveries | undefined): Promise<SavedDeliveries> {
    const { since, include_clients } = one.webhook;
    if (saved?.since !== since) return this.beginning(one, saved, since);
    if (saved.isOfFamily === include_clients) return saved;
    return this.beginning(one, saved, Math.max(saved.position, since));
  }

  private async beginning(
    { account, webhook, closed }: AccountWebhook,
    before: SavedDeliveries | undefined,
    position: number,
  ): Promise<SavedDeliveries> {
    const source = this.parts.source(() => ({ account, webhook, closed }));
    const nothing = { scanned: await source.startAfter(position), held: [], warned: 0 } as const;
    return {
      ...{ instance: null, since: webhook.since, isOfFamily: webhook.include_clients },
      ...{ live: nothing, position, repeated: nothing, replays: [] },
      ...{ orders: before?.orders ?? -1, lastErrors: before?.lastErrors ?? [] },
      verified: before?.verified ?? this.parts.clock.now(),
    };
  }
}
