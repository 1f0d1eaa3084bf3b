import { randomUUID } from 'node:crypto';
import type { CommandSender } from '../../application/command-sender.js';
import { isFromOutage } from '../../application/outage.js';
import type { Outcome } from '../../application/outcome.js';
import { newId } from '../../application/secrets.js';
import { type CommandMeta, noCredential } from '../../domain/command.js';
import { Rejection } from '../../domain/rejection.js';
import { DisableWebhook, WarnWebhook } from '../../domain/webhook-status.js';
import { Pauses } from '../../event-store/pauses.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Attempt } from './delivery.js';
import type { WarningLevel } from './retry-schedule.js';
import { eventIdOf, type HeldUnit } from './unit.js';

/** The limits of mails. */
interface MailGate {
  /** Counts the mail that a command asks for. @returns takes the count back @throws Rejection rate_limited */
  take(command: WarnWebhook | DisableWebhook): () => void;
}

/** What the sender has the log record of a webhook. Its technical contact is told by a mail, as far as the limits let it. */
export class WebhookCommands {
  constructor(
    private readonly commands: Pick<CommandSender, 'run'>,
    private readonly mails: MailGate,
  ) {}

  /** @throws Rejection unavailable */
  async warn(
    { account, webhook }: AccountWebhook,
    unit: HeldUnit,
    percent: WarningLevel,
    { error = '' }: Attempt,
    signal: AbortSignal,
  ): Promise<void> {
    const about = { webhook_id: webhook.id, event_id: eventIdOf(unit) };
    const data = { ...about, percent, attempts: unit.failures + 1, error };
    await this.withMail((mail_id) => new WarnWebhook(account, { ...data, mail_id }, newMeta()), signal);
  }

  /**
   * Switches a webhook off.
   * @param after the revision up to which everything was sent or given up
   */
  async disable(
    { account, webhook }: AccountWebhook,
    reason: 'gone' | 'exhausted',
    after: number,
    signal: AbortSignal,
  ): Promise<void> {
    const data = { webhook_id: webhook.id, reason, after };
    await this.withMail((mail_id) => new DisableWebhook(account, { ...data, mail_id }, newMeta()), signal);
  }

  /** While the log is out of reach it tries again. */
  private async insist(
    command: WarnWebhook | DisableWebhook,
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    for (const pauses = new Pauses(100, 2_000, { signal }); !signal.aborted;)
      try {
        return await this.run(command);
      } catch (error) {
        if (!isFromOutage(error)) throw error;
        await pauses.take();
      }
    return undefined;
  }

  /** A mail that is not asked for after all is not counted. */
  private async withMail(
    make: (mail_id: string | undefined) => WarnWebhook | DisableWebhook,
    signal: AbortSignal,
  ): Promise<void> {
    const command = make(newId());
    let giveBack: () => void;
    try {
      giveBack = this.mails.take(command);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'rate_limited') throw error;
      await this.insist(make(undefined), signal);
      return;
    }
    const outcome = await this.insist(command, signal);
    if (!outcome?.events.some(({ type }) => type === 'MailRequested')) giveBack();
  }

  /** A webhook that was deleted meanwhile, or whose account is closed, needs nothing. */
  private async run(command: WarnWebhook | DisableWebhook): Promise<Outcome | undefined> {
    try {
      return await this.commands.run(command);
    } catch (error) {
      const isOver =
        error instanceof Rejection && ['webhook_not_found', 'client_not_found'].includes(error.code);
      if (!isOver) throw error;
      return undefined;
    }
  }
}

function newMeta(): CommandMeta {
  return {
    ...{ commandId: randomUUID(), requestId: 'webhooks', via: 'system' },
    ...{ actor: { kind: 'system' }, credential: noCredential },
  };
}
