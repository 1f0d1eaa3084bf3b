import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Lifecycle } from '../../application/lifecycle.js';
import { isFromOutage } from '../../application/outage.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { AccountWebhook, PresentWebhooks } from '../../read/present-webhooks.js';
import { Claims } from './claims.js';
import type { Heartbeat } from './heartbeat.js';
import type { LogMarks } from './log-marks.js';
import { OrderBell } from './order-bell.js';
import { Rests } from './rests.js';
import type { WebhookLag } from './webhook-metrics.js';
import { isActive, isSameCourse, Sending } from './sending.js';
import { type RunParts, WebhookRun } from './webhook-run.js';

/** How often claims are looked for that are free, in milliseconds. */
const LOOK_MS = 1_000;
const STOP_PATIENCE_MS = 3_000;
const PRUNE_MS = 600_000;
/** How long deliveries are kept, in milliseconds. */
const KEPT_MS = 30 * 86_400_000;

export interface SenderParts extends RunParts {
  readonly webhooks: Pick<PresentWebhooks, 'all'>;
  readonly lifecycle: Pick<Lifecycle, 'isReady' | 'beforeClose'>;
  readonly heartbeat: Heartbeat;
  readonly marks: LogMarks;
}

/** Sends events to the webhooks of all accounts. Several instances share the work, each webhook to one of them. */
export class WebhookSender implements OnApplicationBootstrap {
  private readonly logger = new Logger(WebhookSender.name);
  private readonly claims: Claims;
  private readonly bell: OrderBell;
  private readonly rests = new Rests();
  private readonly sending = new Map<string, Sending>();
  private readonly claiming = new Map<string, Promise<void>>();
  /** Webhooks as they were when their receivers got the last there was to get. A closed account cannot record that. */
  private readonly over = new Map<string, AccountWebhook>();
  private known = new Map<string, AccountWebhook>();
  private hasNews = true;
  /** Deleted webhooks; their states and deliveries are to be forgotten. */
  private readonly deleted = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private pruning: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @param pruneMs how often old deliveries are looked for, in milliseconds */
  constructor(
    private readonly parts: SenderParts,
    private readonly pruneMs = PRUNE_MS,
  ) {
    this.claims = new Claims(parts);
    this.bell = new OrderBell(parts.log);
    parts.lifecycle.beforeClose(() => this.stop());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.look();
      void this.listen();
    }, LOOK_MS).unref();
    this.pruning = setInterval(() => void this.prune(), this.pruneMs).unref();
  }

  /** Events have come in an account. What comes after a change of a webhook goes out by it. */
  moved(account: string, records: readonly AccountEventRecord[]): void {
    if (records.some(({ event: { type } }) => isOfWebhooks(type))) {
      for (const { event } of records)
        if (event.type === 'WebhookDeleted') this.deleted.add(event.data.webhook_id);
      this.hasNews = true;
      this.look();
    }
    for (const { run } of this.sending.values()) run.moved(account);
  }

  /** There are orders for a webhook. */
  ordered(id: string): void {
    const sending = this.sending.get(id);
    if (sending) sending.run.hurry();
    else if (!this.parts.heartbeat.isAlone)
      this.bell.ring(id).catch((error: unknown) => this.logger.debug(`An order waits: ${reasonOf(error)}`));
  }

  /** How far the webhooks are behind that this instance sends for. */
  get lags(): readonly WebhookLag[] {
    return [...this.sending].map(([webhook, { run }]) => ({ webhook, events: run.lag }));
  }

  /** Starts nothing more, waits a little for what is under way, and gives all claims up. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await Promise.all(this.claiming.values());
    const all = [...this.sending.values()];
    for (const { run } of all) run.stop();
    const late = setTimeout(() => {
      for (const { run } of all) run.abort();
    }, STOP_PATIENCE_MS);
    await Promise.all(all.map(({ ended }) => ended));
    clearTimeout(late);
    clearInterval(this.pruning);
    await this.parts.heartbeat.end();
    this.parts.transmission.close();
    await this.parts.log.close();
  }

  private look(): void {
    if (this.isStopped || !this.parts.lifecycle.isReady) return;
    try {
      if (this.hasNews) this.take(new Map(this.parts.webhooks.all().map((one) => [one.webhook.id, one])));
      for (const [id, one] of this.known) if (isActive(one) && this.isFree(id, one)) this.begin(one);
    } catch (error) {
      this.logger.error(`Webhooks cannot be read: ${String(error)}`);
    }
  }

  /** Takes the webhooks as they are now, and forgets what was kept of those that are no more. */
  private take(all: Map<string, AccountWebhook>): void {
    this.hasNews = false;
    for (const [id, sending] of this.sending) sending.follow(all.get(id));
    this.known = all;
    for (const id of this.deleted) {
      this.rests.forget(id);
      this.claims.forget(id);
      this.over.delete(id);
      const ended = this.sending.get(id)?.ended ?? Promise.resolve();
      ended
        .then(() => this.parts.log.forget(id))
        .catch((error: unknown) => this.logger.debug(`What is kept of a webhook stays: ${reasonOf(error)}`));
    }
    this.deleted.clear();
  }

  private isFree(id: string, one: AccountWebhook): boolean {
    if (this.sending.has(id) || this.claiming.has(id) || this.rests.has(id)) return false;
    const over = this.over.get(id);
    return over === undefined || !isSameCourse(over, one);
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
    if (!taken) return;
    const run = new WebhookRun(this.parts, one, taken);
    if (this.isStopped) run.stop();
    const ended = run
      .run()
      .then(() => {
        this.rests.forget(id);
        if (run.isOver) this.over.set(id, one);
      })
      .catch((error: unknown) => this.putOff(id, error))
      .finally(() => {
        this.sending.delete(id);
        this.look();
      });
    const sending = new Sending(run, one, ended);
    this.sending.set(id, sending);
    sending.follow(this.known.get(id));
  }

  private putOff(id: string, error: unknown): void {
    const line = { message: 'A webhook cannot be served for now', webhook: id, reason: reasonOf(error) };
    if (isFromOutage(error)) {
      this.rests.briefly(id);
      this.logger.debug(line);
    } else {
      this.rests.longer(id);
      this.logger.error(line);
    }
  }

  /** Hears of orders that other instances were given. */
  private async listen(): Promise<void> {
    if (this.parts.heartbeat.isAlone || this.sending.size === 0 || this.isStopped) return;
    try {
      for (const id of await this.bell.listen()) this.sending.get(id)?.run.hurry();
    } catch (error) {
      this.logger.debug(`Orders of other instances cannot be heard: ${reasonOf(error)}`);
    }
  }

  private async prune(): Promise<void> {
    const { log, clock } = this.parts;
    try {
      while (await log.prune(clock.now() - KEPT_MS)) await new Promise(setImmediate);
    } catch (error) {
      this.logger.debug(`Old deliveries stay for now: ${reasonOf(error)}`);
    }
  }
}

/** Whether events of a type change which webhooks there are, or how. */
function isOfWebhooks(type: string): boolean {
  return type.startsWith('Webhook') || type === 'ClientClosed';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
