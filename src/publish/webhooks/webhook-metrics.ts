import { Counter, Gauge, type Registry } from 'prom-client';

/** How far a webhook is behind the log, in events. */
export interface WebhookLag {
  readonly webhook: string;
  readonly events: number;
}

const outcomes = ['accepted', 'failed'] as const;

/** What an operator sees of webhooks. The label is the id of a webhook; one that is gone leaves no series behind. */
export class WebhookMetrics {
  /** The webhooks that have a series of attempts. */
  private readonly counted = new Set<string>();
  private readonly attempts: Counter<'webhook' | 'outcome'>;

  /** @param lags of the webhooks that this instance sends for */
  constructor(registry: Registry, lags: () => readonly WebhookLag[]) {
    const registers = [registry];
    const { counted } = this;
    this.attempts = new Counter({
      name: 'muster_webhook_attempts_total',
      help: 'Requests to webhooks by their outcome: accepted or failed',
      labelNames: ['webhook', 'outcome'],
      registers,
      collect() {
        const present = new Set(lags().map(({ webhook }) => webhook));
        for (const webhook of counted)
          if (!present.has(webhook)) {
            for (const outcome of outcomes) this.remove({ webhook, outcome });
            counted.delete(webhook);
          }
      },
    });
    new Gauge({
      name: 'muster_webhook_lag_events',
      help: 'Events of its own account since the first that a webhook, for which this instance sends, has not accepted',
      labelNames: ['webhook'],
      registers,
      collect() {
        this.reset();
        for (const { webhook, events } of lags()) this.set({ webhook }, events);
      },
    });
  }

  count(webhook: string, isAccepted: boolean): void {
    this.counted.add(webhook);
    this.attempts.inc({ webhook, outcome: isAccepted ? outcomes[0] : outcomes[1] });
  }
}
