import { Injectable } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import type { Webhook } from '../../domain/webhook-record.js';
import { Views } from '../../read/views.js';

/** A failed attempt, as the answers have it. */
export interface WebhookError {
  readonly time: string;
  readonly event_id: string;
  readonly status_code: number | null;
  readonly error: string;
}

/** What a sender says of a webhook. */
export interface SenderState {
  /** The revision of its account up to which everything was accepted or given up. */
  readonly watermark: number;
  /** The last five, newest first. */
  readonly lastErrors: readonly WebhookError[];
}

/** How far a webhook has got. */
export interface Progress {
  readonly behind: { readonly events: number; readonly seconds: number };
  readonly last_errors: readonly WebhookError[];
  readonly watermark: number;
}

/** Tells how far webhooks have got. */
@Injectable()
export class WebhookProgress {
  /** What the sender keeps of a webhook; undefined for one that nothing was sent of yet. */
  states: (account: string, webhookId: string) => Promise<SenderState | undefined> = () =>
    Promise.resolve(undefined);

  constructor(
    private readonly views: Views,
    private readonly clock: Clock,
  ) {}

  async of(account: string, webhook: Webhook): Promise<Progress> {
    const state = await this.states(account, webhook.id);
    const watermark = Math.max(state?.watermark ?? 0, webhook.since);
    const { moments } = this.views;
    const { revision } = moments.now(account);
    const events = Math.max(revision - watermark, 0);
    const waits = events === 0 ? 0 : this.clock.now() - moments.timeOf(moments.at(account, watermark + 1));
    return {
      behind: { events, seconds: Math.max(Math.round(waits / 1000), 0) },
      last_errors: state?.lastErrors ?? [],
      watermark,
    };
  }
}
