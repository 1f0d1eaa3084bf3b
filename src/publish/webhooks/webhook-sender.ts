import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Lifecycle } from '../../application/lifecycle.js';
import { isFromOutage } from '../../application/outage.js';
import { jittered } from '../../event-store/pauses.js';
import type { AccountWebhook, PresentWebhooks } from '../../read/present-webhooks.js';
import { Claims } from './claims.js';
import type { WebhookLag } from './webhook-metrics.js';
import { type RunParts, WebhookRun } from './webhook-run.js';

/** How often webhooks are looked for, in milliseconds. */
const LOOK_MS = 1_000;
/** How long a webhook that another instance sends for is left alone, in milliseconds. */
const LEFT_ALONE_MS = 3_000;
const SHORTEST_REST_MS = 5_000;
const LONGEST_REST_MS = 300_000;
const STOP_PATIENCE_MS = 3_000;
const PRUNE_MS = 600_000;
/** How long deliveries are kept, in milliseconds. */
const KEPT_MS = 30 * 86_400_000;

export interface SenderParts extends RunParts {
  readonly webhooks: Pick<PresentWebhooks, 'all'>;
  readonly lifecycle: Pick<Lifecycle, 'isReady' | 'beforeClose'>;
  /** Whether this process alone sends for the webhooks of this log while it runs. */
  readonly isAlone: boolean;
}

interface Sending {
  readonly run: WebhookRun;
  /** Another one means another run. */
  readonly course: string;
  facts: string;
  readonly ended: Promise<void>;
}

/** Sends events to the webhooks of all accounts. Several instances share the work, each webhook to one of them. */
export class WebhookSender implements OnApplicationBootstrap {
  private readonly logger = new Logger(WebhookSender.name);
  private readonly claims: Claims;
  private readonly sending = new Map<string, Sending>();
  private readonly claiming = new Map<string, Promise<void>>();
  /** Until when a webhook rests here, by the monotonic clock, and how long the rest is. */
  private readonly resting = new Map<string, { readonly until: number; readonly rest: number }>();
  /** Webhooks whose receivers get nothing more. A closed account cannot record that. */
  private readonly over = new Set<string>();
  private known: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | undefined;
  private pruning: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @param pruneMs how often old deliveries are looked for, in milliseconds */
  constructor(
    private readonly parts: SenderParts,
    private readonly pruneMs = PRUNE_MS,
  ) {
    this.claims = new Claims({ ...parts, instance: randomUUID() });
    parts.lifecycle.beforeClose(() => this.stop());
  }

  onApplicationBootstrap(): void {
    this.lookLater();
    this.pruning = setInterval(() => void this.prune(), this.pruneMs).unref();
  }

  /**
   * Events have come in an account.
   * @param isAboutWebhooks whether some of them change webhooks: what comes after a change goes out by it
   */
  moved(account: string, isAboutWebhooks: boolean): void {
    if (isAboutWebhooks) this.look();
    for (const { run } of this.sending.values()) run.moved(account);
  }

  /** There are orders for a webhook, or it was changed. */
  ordered(id: string): void {
    this.look();
    this.sending.get(id)?.run.hurry();
  }

  /** How far the webhooks are behind that this instance sends for. */
  get lags(): readonly WebhookLag[] {
    return [...this.sending].map(([webhook, { run }]) => ({ webhook, events: run.lag }));
  }

  /** Starts nothing more, waits a little for what is under way, and gives all claims up. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.claiming.values());
    const all = [...this.sending.values()];
    for (const { run } of all) run.stop();
    const late = setTimeout(() => {
      for (const { run } of all) run.abort();
    }, STOP_PATIENCE_MS);
    await Promise.all(all.map(({ ended }) => ended));
    clearTimeout(late);
    clearInterval(this.pruning);
    this.parts.transmission.close();
    await this.parts.log.close();
  }

  private lookLater(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.look();
      this.lookLater();
    }, LOOK_MS).unref();
  }

  private look(): void {
    if (this.isStopped || !this.parts.lifecycle.isReady) return;
    try {
      const all = new Map(this.parts.webhooks.all().map((one) => [one.webhook.id, one]));
      for (const [id, sending] of this.sending) follow(sending, active(all.get(id)));
      for (const [id, one] of all) if (active(one) && this.isFree(id, courseOf(one))) this.begin(one);
      this.forgetAllBut(new Set(all.keys()));
    } catch (error) {
      this.logger.error(`Webhooks cannot be read: ${String(error)}`);
    }
  }

  private isFree(id: string, course: string): boolean {
    const until = this.over.has(`${id} ${course}`) ? Infinity : (this.resting.get(id)?.until ?? 0);
    return !this.sending.has(id) && !this.claiming.has(id) && performance.now() >= until;
  }

  private begin(one: AccountWebhook): void {
    const { id } = one.webhook;
    const claiming = this.claim(one)
      .catch((error: unknown) => this.putOff(id, error))
      .finally(() => this.claiming.delete(id));
    this.claiming.set(id, claiming);
  }

  private async claim(one: AccountWebhook): Promise<void> {
    const { id } = one.webhook;
    const taken = await this.claims.take(one);
    if (!taken) {
      this.resting.set(id, { until: performance.now() + LEFT_ALONE_MS, rest: 0 });
      return;
    }
    const run = new WebhookRun(this.parts, one, taken.claim, taken.saved);
    if (this.isStopped) run.stop();
    const ended = run
      .run()
      .then(() => {
        this.resting.delete(id);
        if (run.isOver) this.over.add(`${id} ${courseOf(one)}`);
      })
      .catch((error: unknown) => this.putOff(id, error))
      .finally(() => this.sending.delete(id));
    this.sending.set(id, { run, course: courseOf(one), facts: JSON.stringify(one), ended });
  }

  private putOff(id: string, error: unknown): void {
    const before = this.resting.get(id)?.rest ?? 0;
    const rest = Math.min(Math.max(before * 2, SHORTEST_REST_MS), LONGEST_REST_MS);
    this.resting.set(id, { until: performance.now() + jittered(rest), rest });
    const line = { message: 'A webhook cannot be served for now', webhook: id, reason: reasonOf(error) };
    if (isFromOutage(error)) this.logger.debug(line);
    else this.logger.error(line);
  }

  private async prune(): Promise<void> {
    const { log, clock } = this.parts;
    try {
      while (await log.prune(clock.now() - KEPT_MS)) await new Promise(setImmediate);
    } catch (error) {
      this.logger.debug(`Old deliveries stay for now: ${reasonOf(error)}`);
    }
  }

  /** Forgets what was kept of webhooks that are no more. */
  private forgetAllBut(present: ReadonlySet<string>): void {
    for (const id of this.known) {
      if (present.has(id)) continue;
      this.resting.delete(id);
      this.claims.forget(id);
      const ended = this.sending.get(id)?.ended ?? Promise.resolve();
      ended
        .then(() => this.parts.log.forget(id))
        .catch((error: unknown) => this.logger.debug(`What is kept of a webhook stays: ${reasonOf(error)}`));
    }
    this.known = present;
  }
}

function active(one: AccountWebhook | undefined): AccountWebhook | undefined {
  return one?.webhook.status === 'active' ? one : undefined;
}

function courseOf({ webhook: { since, include_clients } }: AccountWebhook): string {
  return JSON.stringify([since, include_clients]);
}

function follow(sending: Sending, now: AccountWebhook | undefined): void {
  if (!now || courseOf(now) !== sending.course) {
    sending.run.stop();
    return;
  }
  const facts = JSON.stringify(now);
  if (facts === sending.facts) return;
  sending.facts = facts;
  sending.run.change(now);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
