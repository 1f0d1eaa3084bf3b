import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Lifecycle } from '../application/lifecycle.js';
import { isFromOutage } from '../application/outage.js';
import { Rejection } from '../domain/rejection.js';
import { jittered } from '../event-store/pauses.js';
import type { PendingMail } from '../read/mails.js';
import type { Projector } from '../read/projector.js';
import { type Delivered, type DeliveryParts, MailDelivery } from './mail-delivery.js';
import type { MailMetrics } from './mail-metrics.js';
import { defaultDeliveryLimits, type DeliveryLimits } from './mail-schedule.js';
import { PutOff } from './put-off.js';

export interface MailerLimits extends DeliveryLimits {
  /** The approximate pause between two searches for mails that are due. */
  readonly pauseMs: number;
  /** How long a mail rests here after another instance had it or a fault stopped the attempt. */
  readonly restMs: number;
  /** How long a stop waits for messages under way before it ends them. */
  readonly stopPatienceMs: number;
  /** How many mails are sent at once. */
  readonly atOnce: number;
}

/** The number of mails sent at once, and of connections to the SMTP server. */
export const MAILS_AT_ONCE = 4;

const defaultLimits: MailerLimits = {
  ...defaultDeliveryLimits,
  ...{ pauseMs: 1_000, restMs: 10_000, stopPatienceMs: 3_000, atOnce: MAILS_AT_ONCE },
};

export interface MailerParts extends DeliveryParts {
  readonly projector: Pick<Projector, 'revisionOf' | 'stoppedAccounts'>;
  readonly lifecycle: Pick<Lifecycle, 'isReady' | 'beforeClose'>;
  readonly metrics: Pick<MailMetrics, 'count'>;
  /** Whether this process alone sends the mails of this log while it runs. */
  readonly isAlone: boolean;
}

/** Sends the mails that the log asks for, while the service is ready. Several instances share the work. */
export class Mailer implements OnApplicationBootstrap {
  private readonly logger = new Logger(Mailer.name);
  private readonly delivery: MailDelivery;
  private readonly limits: MailerLimits;
  /** The attempts under way, by the id of the mail. */
  private readonly underWay = new Map<string, Promise<void>>();
  /** Until when a mail rests, by its id, in milliseconds since the epoch. */
  private readonly resting = new Map<string, number>();
  private readonly putOff = new PutOff();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private hasResumed = false;

  constructor(
    private readonly parts: MailerParts,
    limits: Partial<MailerLimits> = {},
  ) {
    this.limits = { ...defaultLimits, ...limits };
    this.delivery = new MailDelivery(parts, this.limits);
    parts.lifecycle.beforeClose(() => this.stop());
  }

  onApplicationBootstrap(): void {
    this.logger.log(this.parts.transport.purpose);
    this.lookLater();
  }

  /** Starts no more mails, and waits a little for those under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const late = setTimeout(() => this.stopping.abort(), this.limits.stopPatienceMs);
    await Promise.all(this.underWay.values());
    clearTimeout(late);
    this.parts.transport.close();
  }

  private lookLater(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.look();
      this.lookLater();
    }, jittered(this.limits.pauseMs)).unref();
  }

  private look(): void {
    if (this.isStopped || !this.parts.lifecycle.isReady || !this.parts.link.isKnown) return;
    try {
      this.resume();
      for (const mail of this.next()) this.take(mail);
    } catch (error) {
      this.logger.error(`Mails that are due cannot be read: ${String(error)}`);
    }
  }

  /**
   * Frees the mails that an earlier process claimed, if no other process sends mails of this log.
   * That earlier process has ended, so its claims need not run out.
   */
  private resume(): void {
    if (this.hasResumed || !this.parts.isAlone) return;
    for (const mail of this.parts.views.mails.claimedMails())
      this.delivery.release(mail).catch((error: unknown) => this.tellOfFault(mail, error));
    this.hasResumed = true;
  }

  /** The mails to send now, as many as there is room for. */
  private next(): readonly PendingMail[] {
    const { views, projector, clock } = this.parts;
    const room = this.limits.atOnce - this.underWay.size;
    if (room <= 0) return [];
    const now = clock.now();
    for (const [mail, until] of this.resting)
      if (until <= now || until > now + this.limits.restMs) this.resting.delete(mail);
    const stopped = new Set(projector.stoppedAccounts.map(({ account }) => account));
    const isFree = (mail: PendingMail) =>
      !stopped.has(mail.account) &&
      !this.underWay.has(mail.mail_id) &&
      !this.resting.has(mail.mail_id) &&
      this.putOff.isOver(mail, now);
    // Many mails may have to wait. They must not hold up others.
    for (let limit = 4 * this.limits.atOnce; ; limit *= 4) {
      const due = views.mails.pendingMails(new Date(now).toISOString(), limit);
      const free = due.filter(isFree);
      if (free.length >= room || due.length < limit) return free.slice(0, room);
    }
  }

  private take(mail: PendingMail): void {
    const { mail_id } = mail;
    const work = this.delivery
      .deliver(mail, this.stopping.signal)
      .then((delivered) => this.tell(mail, delivered))
      .catch((error: unknown) => this.tellOfFault(mail, error))
      .finally(() => {
        this.underWay.delete(mail_id);
        this.look();
      });
    this.underWay.set(mail_id, work);
  }

  private tell({ account, mail_id, kind }: PendingMail, delivered: Delivered): void {
    if (!delivered) {
      // Another instance has the mail. The views here will show that soon.
      this.rest(mail_id);
      return;
    }
    this.parts.metrics.count(kind, delivered.outcome);
    const about = { account, mail_id, kind };
    const { outcome, reason } = delivered;
    if (outcome === 'sent') this.logger.log({ message: 'A mail was sent', ...about });
    else if (outcome === 'deferred')
      this.logger.warn({ message: 'A mail was not taken and is tried again later', ...about, reason });
    else this.logger.error({ message: 'A mail was given up', ...about, reason });
  }

  private tellOfFault({ account, mail_id, kind }: PendingMail, error: unknown): void {
    this.rest(mail_id);
    const reason =
      error instanceof Rejection ? error.code : error instanceof Error ? error.stack : String(error);
    const about = { account, mail_id, kind, reason };
    const line = { message: 'The state of a mail cannot be recorded', ...about };
    if (isFromOutage(error)) this.logger.debug(line);
    else this.logger.error(line);
  }

  private rest(mail_id: string): void {
    this.resting.set(mail_id, this.parts.clock.now() + this.limits.restMs);
  }
}
