import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../application/outcome.js';
import type { Clock } from '../application/clock.js';
import type { CommandSender } from '../application/command-sender.js';
import { hashPasswordToken, newPasswordToken } from '../application/secrets.js';
import type { MailAddress } from '../config/mail-address.js';
import { ClaimMail, DeferMail, GiveUpMail, type MailCommand, RecordMailSent } from '../domain/mail.js';
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

/** The mail went, or would have gone, with a link that works no more, for the user has another address now. */
const outdated: MailFailure = { isPermanent: false, reason: 'address_changed' };

/** What became of an attempt, with the reason when it failed; undefined when the mail is not for us to send. */
export type Delivered = { readonly outcome: MailOutcome; readonly reason?: string } | undefined;

/** A mail that this process alone may send until then. */
interface Claim {
  readonly mail: PendingMail;
  readonly token: string;
  /** Both in milliseconds since the epoch. */
  readonly expires: number;
  readonly until: number;
}

/** What one process sends mails with. */
export interface DeliveryParts {
  readonly commands: Pick<CommandSender, 'run'>;
  readonly views: Pick<Views, 'mails' | 'credentials'>;
  readonly projector: Pick<Projector, 'revisionOf'>;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly from: MailAddress;
  readonly link: PasswordLink;
}

/** Sends one mail at a time: takes it on in the log, hands it over, and records what became of it. */
export class MailDelivery {
  constructor(
    private readonly parts: DeliveryParts,
    private readonly limits: DeliveryLimits,
  ) {}

  /**
   * @param stopping ends the attempt, which is recorded as one that failed
   * @throws Rejection unavailable when the log is out of reach; the mail may have been sent then, and will be again
   */
  async deliver(mail: PendingMail, stopping: AbortSignal): Promise<Delivered> {
    const claim = await this.claim(mail);
    // Whoever slept since, as machines do, may find that another has sent it.
    if (!claim || this.parts.clock.now() + this.limits.patienceMs > claim.until) return undefined;
    const failure = this.isLinkGood(claim) ? await this.send(claim, stopping) : outdated;
    const [command, delivered] = this.verdict(claim, this.isAddressGood(claim) ? failure : outdated);
    await this.record(command, claim.until, stopping);
    return delivered;
  }

  /**
   * Has a mail taken on anew at once that a process has taken on which is no more.
   * @throws Rejection unavailable
   */
  async release({ account, user_id, mail_id, attempts }: PendingMail): Promise<void> {
    const data = { user_id, mail_id, attempt: attempts, until: this.parts.clock.timestamp() };
    await this.run(new DeferMail(account, { ...data, reason: 'interrupted' }, newMeta()));
  }

  /** @returns undefined when somebody else has the mail, or nobody is to send it any more */
  private async claim({ account, user_id, mail_id, kind, due }: PendingMail): Promise<Claim | undefined> {
    const { views, projector, clock } = this.parts;
    const now = clock.now();
    const [token, expires, until] = [
      newPasswordToken(account),
      now + linkMs[kind],
      now + this.limits.leaseMs,
    ];
    const waited = due !== null && due > iso(now) ? { waited_for: due } : {};
    const data = { user_id, mail_id, token_hash: hashPasswordToken(token), now: iso(now), ...waited };
    const command = new ClaimMail(account, { ...data, expires: iso(expires), until: iso(until) }, newMeta());
    const outcome = await this.run(command);
    if (!outcome || outcome.events.length === 0) return undefined;
    if (projector.revisionOf(account) < outcome.revision) return undefined;
    // Read again: the address may have changed since the mail was seen to be due.
    const current = views.mails.pendingMail(account, mail_id);
    return current && { mail: current, token, expires, until };
  }

  /** A change that was stored right behind the claim may have ended the token before the mail was read again. */
  private isLinkGood({ token }: Claim): boolean {
    return this.parts.views.credentials.byTokenHash(hashPasswordToken(token)) !== undefined;
  }

  /** A mail that goes to nobody any more is no matter of its address. */
  private isAddressGood({ mail: { account, mail_id, email } }: Claim): boolean {
    const current = this.parts.views.mails.pendingMail(account, mail_id);
    return current === undefined || current.email === email;
  }

  /** @returns why it failed, undefined when somebody has taken the message on */
  private async send(
    { mail, token, expires }: Claim,
    stopping: AbortSignal,
  ): Promise<MailFailure | undefined> {
    const { transport, from, link, clock } = this.parts;
    const abort = new AbortController();
    const end = () => abort.abort();
    const timer = setTimeout(end, this.limits.patienceMs);
    stopping.addEventListener('abort', end);
    if (stopping.aborted) end();
    try {
      const text = mailText({ ...mail, link: link.with(token), expires });
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

  /** Tries again while the log is out of reach, until somebody else may take the mail on. */
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
