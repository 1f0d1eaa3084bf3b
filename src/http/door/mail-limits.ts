import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import type { Command } from '../../domain/aggregates.js';
import { emailKey } from '../../domain/email-address.js';
import type { MailKind } from '../../domain/mail.js';
import { Rejection } from '../../domain/rejection.js';
import { GetAccount } from '../../read/account.js';
import { GetUser } from '../../read/user.js';
import { Views } from '../../read/views.js';
import { TokenBuckets } from './token-buckets.js';

const HOUR_SECONDS = 3600;

/** A mail that a command asks for. */
interface AskedMail {
  readonly account: string;
  readonly user_id: string;
  readonly kind: MailKind;
  readonly email: string;
  readonly webhook_id?: string;
}

/**
 * How many mails callers and webhooks may ask for: one of a kind, about the same webhook, to a user a minute, and so many
 * an hour.
 */
@Injectable()
export class MailLimits {
  private readonly ofUser: TokenBuckets;
  private readonly ofAddress: TokenBuckets;
  private readonly ofCompany: TokenBuckets;

  constructor(
    @Inject(CONFIG) { mailsOfAddress, mailsOfCompany }: Config,
    private readonly views: Views,
    clock: Clock,
  ) {
    const now = () => clock.now();
    this.ofUser = new TokenBuckets(1 / 60, now);
    this.ofAddress = new TokenBuckets(mailsOfAddress / HOUR_SECONDS, now, HOUR_SECONDS);
    this.ofCompany = new TokenBuckets(mailsOfCompany / HOUR_SECONDS, now, HOUR_SECONDS);
  }

  /** Whether a command may ask for a mail. */
  concern({ type, data }: Command): boolean {
    return type === 'RequestMail' || (type === 'CreateUser' && data.mail_id !== undefined);
  }

  /**
   * Counts the mail that a command asks for.
   * @returns takes the count back, for a command that was not done
   * @throws Rejection rate_limited
   */
  take(command: Command): () => void {
    const mail = this.mailOf(command);
    if (!mail) return () => undefined;
    const company = this.views.tree.parentOf(mail.account) ?? mail.account;
    const counted: (() => void)[] = [];
    const giveBack = () => {
      for (const give of counted) give();
    };
    for (const [buckets, key] of [
      [this.ofUser, `${mail.user_id} ${mail.kind} ${mail.webhook_id ?? ''}`],
      [this.ofAddress, emailKey(mail.email)],
      [this.ofCompany, company],
    ] as const) {
      const { isWithin, nextIn } = buckets.take(key);
      if (!isWithin) {
        giveBack();
        const retryAfter = Math.max(1, Math.ceil(nextIn - 1e-6));
        throw new Rejection('rate_limited', 'Too many mails were asked for; try again later', { retryAfter });
      }
      counted.push(() => buckets.giveBack(key));
    }
    return giveBack;
  }

  private mailOf(command: Command): AskedMail | undefined {
    const { account, type, data } = command;
    if (type === 'CreateUser') return { account, user_id: data.user_id, kind: 'welcome', email: data.email };
    if (type === 'WarnWebhook' || type === 'DisableWebhook')
      return data.mail_id === undefined ? undefined : this.mailToContact(account, type, data.webhook_id);
    if (type !== 'RequestMail') return undefined;
    const { user_id, kind } = data;
    const { email } = this.views.answers.to(new GetUser(this.views.moments.now(account), user_id));
    return { account, user_id, kind, email };
  }

  /** Undefined where the account has no technical contact. */
  private mailToContact(
    account: string,
    type: 'WarnWebhook' | 'DisableWebhook',
    webhook_id: string,
  ): AskedMail | undefined {
    const at = this.views.moments.now(account);
    if (!this.views.tree.wasOpen(at)) return undefined;
    const user_id = this.views.answers.to(new GetAccount(at)).contacts.technical_contact;
    if (user_id === null) return undefined;
    const { email } = this.views.answers.to(new GetUser(at, user_id));
    const kind = type === 'WarnWebhook' ? 'webhook_warned' : 'webhook_disabled';
    return { account, user_id, kind, email, webhook_id };
  }
}
