import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { WebhookRun } from './webhook-run.js';

/** A webhook that this instance sends for. */
export class Sending {
  private facts: AccountWebhook;

  /** @param begun the webhook as it was when the run began */
  constructor(
    readonly run: Pick<WebhookRun, 'run' | 'stop' | 'abort' | 'close' | 'change' | 'moved' | 'hurry' | 'lag'>,
    private readonly begun: AccountWebhook,
    readonly ended: Promise<void>,
  ) {
    this.facts = begun;
  }

  /** Goes on with the webhook as it is now; undefined when it is no more. */
  follow(now: AccountWebhook | undefined): void {
    if (now === this.facts) return;
    if (now?.webhook.status === 'disabled') this.run.close();
    else if (!isActive(now) || !isSameCourse(now, this.begun)) this.run.stop();
    else {
      this.facts = now;
      this.run.change(now);
    }
  }
}

export function isActive(one: AccountWebhook | undefined): one is AccountWebhook {
  return one?.webhook.status === 'active';
}

/** Whether a run for the one can go on for the other. */
export function isSameCourse({ webhook: one }: AccountWebhook, { webhook: other }: AccountWebhook): boolean {
  return one.since === other.since && one.include_clients === other.include_clients;
}
