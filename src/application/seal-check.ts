import { randomUUID } from 'node:crypto';
import { ConfigError } from '../config/setting.js';
import { noCredential } from '../domain/command.js';
import { Rejection } from '../domain/rejection.js';
import { ResealWebhook } from '../domain/webhook-secrets.js';
import type { AccountWebhook, PresentWebhooks } from '../read/present-webhooks.js';
import type { CommandSender } from './command-sender.js';
import { textsOf, type WebhookSeals } from './webhook-seals.js';

/** At the start: whether this service can open what its webhooks need, and seals anew what a former secret sealed. */
export class SealCheck {
  constructor(
    private readonly seals: WebhookSeals,
    private readonly webhooks: Pick<PresentWebhooks, 'all'>,
    private readonly commands: Pick<CommandSender, 'run'>,
  ) {}

  /** @throws ConfigError when the secret of the settings is not the one, or there is none */
  async run(): Promise<void> {
    const all = this.webhooks.all().filter(({ closed }) => !closed);
    if (all.length === 0) return;
    const { sealing } = this.seals;
    if (!sealing)
      throw new ConfigError(
        'MUSTER_SECRET is not set, but the log has webhooks whose secrets are sealed with one; ' +
          'set the secret that they were made with, or put back the file `secret` of the data directory',
      );
    const sealed = all.flatMap(({ webhook }) => textsOf(webhook).map(([text]) => sealing.secretOf(text)));
    if (sealed.includes('unknown'))
      throw new ConfigError(
        'MUSTER_SECRET is not the secret that the webhooks of this log are sealed with; ' +
          'set the former one, or the former one as MUSTER_SECRET_OLD to change it. ' +
          'Without a setting it was the content of the file `secret` of the data directory',
      );
    for (const one of all) await this.reseal(one);
  }

  private async reseal({ account, webhook }: AccountWebhook): Promise<void> {
    const resealed = this.seals.resealed(account, webhook);
    if (Object.keys(resealed).length === 0) return;
    const meta = {
      ...{ commandId: randomUUID(), requestId: `seal-${webhook.id}`, via: 'system' as const },
      ...{ actor: { kind: 'system' as const }, credential: noCredential },
    };
    try {
      await this.commands.run(new ResealWebhook(account, { webhook_id: webhook.id, resealed }, meta));
    } catch (error) {
      // It may be deleted by now, or its client closed. What is out of reach is tried again.
      if (!(error instanceof Rejection && error.kind === 'not_found')) throw error;
    }
  }
}
