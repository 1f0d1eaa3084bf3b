import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { SubscriberLog } from '../../event-store/subscriber-log.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import { Claim, savedIn, type SavedDeliveries, type Taken } from './claim.js';
import { type DispatchState, watermarkOf } from './dispatch-state.js';
import type { Heartbeat } from './heartbeat.js';
import type { LogMarks } from './log-marks.js';
import type { HeldUnit } from './unit.js';
import type { RunParts } from './webhook-run.js';

/** After so many milliseconds it is looked anew whether another instance still sends for a webhook. */
const ANEW_MS = 60_000;

const nothing: DispatchState = { scanned: '', held: [], warned: 0 };

export interface ClaimsParts extends Pick<RunParts, 'source' | 'clock'> {
  readonly log: SubscriberLog;
  readonly heartbeat: Heartbeat;
  readonly marks: LogMarks;
}

/** Takes the claims of webhooks that no other instance sends for. */
export class Claims {
  private readonly logger = new Logger(Claims.name);
  /** Who else sends for a webhook, and when that was read, by the monotonic clock. */
  private readonly others = new Map<string, { readonly instance: string; readonly at: number }>();

  constructor(private readonly parts: ClaimsParts) {}

  /** @returns undefined when another instance has the claim @throws StoreUnavailable, StoreUnusable */
  async take(one: AccountWebhook): Promise<Taken | undefined> {
    const { log, heartbeat } = this.parts;
    const { id } = one.webhook;
    const other = this.others.get(id);
    if (other && performance.now() - other.at < ANEW_MS && (await heartbeat.isAlive(other.instance)))
      return undefined;
    await heartbeat.begin();
    const before = await log.state(id);
    const saved = before && savedIn(before);
    if (saved && (await this.isOthers(id, saved))) return undefined;
    const begin = await this.goingOn(one, saved);
    const claim = await Claim.take(log, id, heartbeat.instance, before, begin);
    if (!claim) return undefined;
    this.others.delete(id);
    return { claim, saved: begin, dropped: saved ? droppedOf(saved, begin) : [] };
  }

  forget(id: string): void {
    this.others.delete(id);
  }

  private async isOthers(id: string, { instance }: SavedDeliveries): Promise<boolean> {
    const { heartbeat } = this.parts;
    if (instance === null || instance === heartbeat.instance) return false;
    const isAlive = await heartbeat.isAlive(instance);
    if (isAlive) this.others.set(id, { instance, at: performance.now() });
    return isAlive;
  }

  /** A webhook goes on from what was saved; from where it was made, if that was later, or enabled. */
  private async goingOn(one: AccountWebhook, saved: SavedDeliveries | undefined): Promise<SavedDeliveries> {
    const { account, webhook } = one;
    const { id, since, include_clients } = webhook;
    if (saved?.since !== since) return this.beginning(one, saved, since);
    const { marks, position } = saved;
    const mark = await this.parts.marks.found(account, marks);
    const isSame = mark === marks[0] && (await this.parts.source(() => one).holds(saved));
    if (isSame && saved.isOfFamily === include_clients) return saved;
    const from = Math.max(Math.min(position, mark?.revision ?? (isSame ? position : since)), since);
    if (isSame) return this.beginning(one, saved, from);
    this.logger.warn({
      message: 'The log is not the one that a webhook was sent from; what may be new in it is sent',
      ...{ webhook: id, account, after: from },
    });
    return this.beginning(one, { ...saved, replays: [], repeated: nothing }, from);
  }

  private async beginning(
    { account, webhook, closed }: AccountWebhook,
    before: SavedDeliveries | undefined,
    position: number,
  ): Promise<SavedDeliveries> {
    const source = this.parts.source(() => ({ account, webhook, closed }));
    const isSame = before?.since === webhook.since;
    // What happened while it was disabled is looked at once more: of clients only the sender can tell what its gap lacks.
    const isEnabled = before?.since !== webhook.since && webhook.disabled_gap !== null;
    const goesOn = isEnabled && before?.isOfFamily === true && webhook.include_clients;
    const scanned = goesOn ? watermarkOf(before.live) : await source.startAfter(position);
    return {
      ...{ instance: null, since: webhook.since, isOfFamily: webhook.include_clients },
      ...{ live: { ...nothing, scanned }, position, marks: [], replays: before?.replays ?? [] },
      repeated: isSame ? before.repeated : nothing,
      ...(isSame && before.attempts !== undefined ? { attempts: before.attempts } : {}),
      ...{ orders: before?.orders ?? -1, lastErrors: before?.lastErrors ?? [] },
      verified: before?.verified ?? this.parts.clock.now(),
    };
  }
}

/** What was held and is not sent any more. Where only clients came in or went, new events are planned anew. */
function droppedOf(saved: SavedDeliveries, begin: SavedDeliveries): readonly HeldUnit[] {
  const isPlannedAnew = saved.since === begin.since && saved.isOfFamily !== begin.isOfFamily;
  if (saved.live === begin.live || isPlannedAnew) return [];
  const goesOn = new Set(heldIn(begin).map(({ id }) => id));
  return heldIn(saved).filter(({ id }) => !goesOn.has(id));
}

function heldIn({ live, repeated, attempts }: SavedDeliveries): readonly HeldUnit[] {
  return [...live.held, ...repeated.held, ...(attempts?.lane.held ?? [])];
}
