import { Counter, Gauge, type Registry } from 'prom-client';
import type { MailKind } from '../domain/mail.js';
import type { Mails } from '../read/mails.js';

/** The outcome of an attempt to send a mail. */
export type MailOutcome = 'sent' | 'deferred' | 'given_up';

/** The metrics of mails, for Prometheus. */
export class MailMetrics {
  private readonly outcomes: Counter<'kind' | 'outcome'>;

  constructor(registry: Registry, mails: Pick<Mails, 'count'>) {
    this.outcomes = new Counter({
      name: 'muster_mails_total',
      help: 'Attempts to send a mail, by kind and outcome: sent, deferred or given_up',
      labelNames: ['kind', 'outcome'],
      registers: [registry],
    });
    new Gauge({
      name: 'muster_mails_pending',
      help: 'Mails of all accounts that are still to be sent, by any instance',
      registers: [registry],
      collect() {
        this.set(mails.count());
      },
    });
  }

  count(kind: MailKind, outcome: MailOutcome): void {
    this.outcomes.inc({ kind, outcome });
  }
}
