import { randomUUID } from 'node:crypto';
import type { CommandSender } from '../../application/command-sender.js';
import { isFromOutage } from '../../application/outage.js';
import { type CommandMeta, noCredential } from '../../domain/command.js';
import { Rejection } from '../../domain/rejection.js';
import { DisableWebhook, WarnWebhook } from '../../domain/webhook-status.js';
import { Pauses } from '../../event-store/pauses.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Attempt } from './delivery.js';
import type { WarningLevel } from './retry-schedule.js';
import { eventIdOf, type HeldUnit } from './unit.js';

/** What the sender has the log record of a webhook. */
export class WebhookCommands {
  constructor(private readonly commands: Pick<CommandSender, 'run'>) {}

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
    await this.insist(new WarnWebhook(account, data, newMeta()), signal);
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
    await this.insist(new DisableWebhook(account, data, newMeta()), signal);
  }

  /** While the log is out of reach it tries again. */
  private async insist(command: WarnWebhook | DisableWebhook, signal: AbortSignal): Promise<void> {
    for (const pauses = new Pauses(100, 2_000, { signal }); !signal.aborted;)
      try {
        await this.run(command);
        return;
      } catch (error) {
        if (!isFromOutage(error)) throw error;
        await pauses.take();
      }
  }

  /** A webhook that was deleted meanwhile, or whose account is closed, needs nothing. */
  private async run(command: WarnWebhook | DisableWebhook): Promise<void> {
    try {
      await this.commands.run(command);
    } catch (error) {
      const isOver =
        error instanceof Rejection && ['webhook_not_found', 'client_not_found'].includes(error.code);
      if (!isOver) throw error;
    }
  }
}

function newMeta(): CommandMeta {
  return {
    ...{ commandId: randomUUID(), requestId: 'webhooks', via: 'system' },
    ...{ actor: { kind: 'system' }, credential: noCredential },
  };
}
