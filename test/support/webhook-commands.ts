import { ChangeWebhook, CreateWebhook, DeleteWebhook } from '../../src/domain/webhook.js';
import type { WebhookFacts } from '../../src/domain/webhook-record.js';
import { ResealWebhook, RotateWebhookSecret } from '../../src/domain/webhook-secrets.js';
import {
  DisableWebhook,
  PauseWebhook,
  ResumeWebhook,
  type StatusChange,
  WarnWebhook,
} from '../../src/domain/webhook-status.js';
import type { CommandsFor } from './commands.js';
import { webhookFacts } from './webhooks.js';

/** Makes commands about one webhook, sent as the others of an account are. */
export class CommandsForWebhook {
  constructor(
    private readonly of: CommandsFor,
    private readonly webhook_id: string,
  ) {}

  create(facts: Partial<WebhookFacts> = {}): CreateWebhook {
    const sealed = { sealed_secret: `1.0.${this.webhook_id}`, sealed_headers: { 'X-A': '1.0.a' } };
    return new CreateWebhook(...this.with({ facts: webhookFacts(facts), ...sealed }));
  }
  change(facts: Partial<WebhookFacts>, status?: StatusChange): ChangeWebhook {
    return new ChangeWebhook(...this.with({ facts, status }));
  }
  delete(): DeleteWebhook {
    return new DeleteWebhook(...this.with({}));
  }
  pause(): PauseWebhook {
    return new PauseWebhook(...this.with({}));
  }
  resume(): ResumeWebhook {
    return new ResumeWebhook(...this.with({}));
  }
  /** @param hour of the day, two digits */
  rotate(hour: string): RotateWebhookSecret {
    const day = (date: string) => `2026-${date}T${hour}:00:00.000Z`;
    const times = { now: day('01-31'), former_until: day('02-01') };
    return new RotateWebhookSecret(...this.with({ sealed_secret: `1.0.${hour}`, ...times }));
  }
  reseal(): ResealWebhook {
    return new ResealWebhook(...this.with({ resealed: { [`1.0.${this.webhook_id}`]: '1.1.anew' } }));
  }
  disable(after: number): DisableWebhook {
    return new DisableWebhook(...this.with({ reason: 'gone' as const, after }));
  }
  warn(percent: 50 | 70 | 90): WarnWebhook {
    return new WarnWebhook(...this.with({ percent, event_id: 'acme/1', attempts: 5, error: 'status_500' }));
  }

  private with<Data extends object>(data: Data) {
    const { account } = this.of;
    return [account, { webhook_id: this.webhook_id, ...data }, this.of.meta()] as const;
  }
}
