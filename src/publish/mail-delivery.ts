import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../application/outcome.js';
import type { Clock } from '../application/clock.js';
import type { CommandSender } from '../application/command-sender.js';
import { hashPasswordToken, newPasswordToken } from '../application/secrets.js';
import type { MailAddress } from '../config/mail-address.js';
import {
  ClaimMail,
  DeferMail,
  GiveUpMail,
  isLinkMail,
  type MailCommand,
  RecordMailSent,
} from '../domain/mail.js';
import { type CommandMeta, noCredential } from '../domain/command.js';
import { Rejection } from '../domain/rejection.js';
import type { PendingMail } from '../read/mails.js';
import type { Projector } from '../read/projector.js';
import type { Views } from '../read/views.js';
import { failureOf, type MailFailure } from './mail-failure.js';
import { mailMessage } from './mail-message.js';
import type { MailOutcome } from './mail-metrics.js';
import { type DeliveryLimits, isToBeGivenUp, linkMs, restAfter } from './mail-schedule.js';
import { mailText } from './mail-text.js';
import type { MailTransport } from './mail-transport.js';
import type { PasswordLink } from './password-link.js';

/** Of a mail whose user has another address by now: its link no longer works. */
const outdated: MailFailure = { isPermanent: false, reason: 'address_changed' };

/**
 * The outcome of an attempt, with the reason when it failed.
 * It is undefined when the mail is not for this process to send.
 */
export type Delivered = { readonly outcome: MailOutcome; readonly reason?: string } | undefined;

/** A mail that this process alone may send until a certain time. */
interface Claim {
  readonly mail: PendingMail;
  /** What the link of a mail is made of, and until when it works; undefined for a mail without one. */
  readonly link: { readonly token: string; readonly expires: number } | undefined;
  /** When the claim ends. Times are in milliseconds since the epoch. */
  readonly until: number;
}

/** The parts that one process needs to send mails. */
export interface DeliveryParts {
  readonly commands: Pick<CommandSender, 'run'>;
  readonly views: Pick<Views, 'mails' | 'credentials'>;
  readonly projector: Pick<Projector, 'revisionOf'>;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly from: MailAddress;
  readonly link: PasswordLink;
}

/** Sends a single mail: claims it in the log, sends it and records the outcome. */
export class MailDelivery {
  constructor(
    private readonly parts: DeliveryParts,
    private readonly limits: DeliveryLimits,
  ) {}

  /**
   * @param stopping ends the attempt, which is recorded as a failed one
   * @throws Rejection unavailable when the log is out of reach; the mail may have been sent then, and will be
   *   sent again
   */
  async deliver(mail: PendingMail, stopping: AbortSignal): Promise<Delivered> {
    const claim = await this.claim(mail);
    // A process that slept since its claim, as machines do, may find the mail sent by another one.
    if (!claim || this.parts.clock.now() + this.limits.patienceMs > claim.until) return undefined;
    const failure = this.isLinkGood(claim) ? await this.send(claim, stopping) : outdated;
    const [command, delivered] = this.verdict(claim, this.isAddressGood(claim) ? failure : outdated);
    await this.record(command, claim.until, stopping);
    return delivered;
  }

  /**
   * Frees at once a mail that was claimed by a process which has ended, so that it can be claimed anew.
   * @throws Rejection unavailable
   */
  async release({ account, user_id, mail_id, attempts }: PendingMail): Promise<void> {
    const data = { user_id, mail_id, attempt: attempts, until: this.parts.clock.timestamp() };
    await this.run(new DeferMail(account, { ...data, reason: 'interrupted' }, newMeta()));
  }

  /** @returns undefined when another instance has the mail, or no instance is to send it any more */
  private async claim({ account, user_id, mail_id, kind, due }: PendingMail): Promise<Claim | undefined> {
    const { views, projector, clock } = this.parts;
    const now = clock.now();
    const until = now + this.limits.leaseMs;
    const link = isLinkMail(kind)
      ? { token: newPasswordToken(account), expires: now + linkMs[kind] }
      : undefined;
    const waited = due !== null && due > iso(now) ? { waited_for: due } : {};
    const token = link && { token_hash: hashPasswordToken(link.token), expires: iso(link.expires) };
    const data = { user_id, mail_id, ...token, now: iso(now), until: iso(until), ...waited };
    const command = new ClaimMail(account, data, newMeta());
    const outcome = await this.run(command);
    if (!outcome || outcome.events.length === 0) return undefined;
    if (projector.revisionOf(account) < outcome.revision) return undefined;
    // The mail is read again, because its address may have changed since it was seen to be due.
    const current = views.mails.pendingMail(account, mail_id);
    return current && { mail: current, link, until };
  }

  /**
   * Whether the link, if there is one, still works.
   * A change stored right behind the claim may have ended the token before the mail was read again.
   */
  private isLinkGood({ link }: Claim): boolean {
    if (!link) return true;
    return this.parts.views.credentials.byTokenHash(hashPasswordToken(link.token)) !== undefined;
  }

  /**
   * Whether the mail still has the address it was sent to.
   * For a mail that is no longer pending the address does not matter.
   */
  private isAddressGood({ mail: { account, mail_id, email } }: Claim): boolean {
    const current = this.parts.views.mails.pendingMail(account, mail_id);
    return current === undefined || current.email === email;
  }

  /** @returns why it failed; undefined when the transport has accepted the message */
  private async send({ mail, link: made }: Claim, stopping: AbortSignal): Promise<MailFailure | undefined> {
    const { transport, from, link, clock } = this.parts;
    const abort = new AbortController();
    const end = () => abort.abort();
    const timer = setTimeout(end, this.limits.patienceMs);
    stopping.addEventListener('abort', end);
    if (stopping.aborted) end();
    try {
      const text = mailText({ ...mail, ...(made && { link: link.with(made.token), expires: made.expires }) });
      await transport.send(mailMessage(mail.event_id, from, mail.email, text, clock.now()), abort.signal);
      return undefined;
    } catch (error) {
      return failureOf(error);
    } finally {
      clearTimeout(timer);
      stopping.removeEventListener('abort', end);
    }
  }

  private verdict(
    { mail: { account, user_id, mail_id, attempts: attempt, requested } }: Claim,
    failure: MailFailure | undefined,
  ): [MailCommand, Delivered] {
    const meta = newMeta();
    if (!failure) return [new RecordMailSent(account, { user_id, mail_id }, meta), { outcome: 'sent' }];
    const { isPermanent, reason } = failure;
    const facts = { user_id, mail_id, attempt, reason };
    const now = this.parts.clock.now();
    if (isPermanent || isToBeGivenUp(attempt, now - Date.parse(requested)))
      return [new GiveUpMail(account, facts, meta), { outcome: 'given_up', reason }];
    const until = iso(now + restAfter(attempt));
    return [new DeferMail(account, { ...facts, until }, meta), { outcome: 'deferred', reason }];
  }

  /** @returns undefined when the mail has ended with its client account */
  private async run(command: MailCommand): Promise<Outcome | undefined> {
    try {
      return await this.parts.commands.run(command);
    } catch (error) {
      if (error instanceof Rejection && error.code === 'client_not_found') return undefined;
      throw error;
    }
  }

  /**
   * Records an outcome. While the log is out of reach it tries again.
   * It gives up when another instance may claim the mail.
   */
  private async record(command: MailCommand, until: number, stopping: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.run(command);
        return;
      } catch (error) {
        const isOutOfReach = error instanceof Rejection && error.code === 'unavailable';
        if (!isOutOfReach || stopping.aborted || this.parts.clock.now() >= until) throw error;
        await sleep(this.limits.retryMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }
}

function newMeta(): CommandMeta {
  const commandId = randomUUID();
  return {
    commandId,
    requestId: 'mailer',
    via: 'system',
    actor: { kind: 'system' },
    credential: noCredential,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
