import { Counter, Gauge, type Registry } from 'prom-client';
import type { AttemptJournal } from '../../audit/attempts/attempt-journal.js';

/** Tells Prometheus of the attempts journal. */
export function registerAttemptMetrics(
  registry: Registry,
  journal: Pick<AttemptJournal, 'noted' | 'lost' | 'isWritable'>,
): void {
  const counter = (name: string, help: string, label: string, counts: Readonly<Record<string, number>>) =>
    new Counter({
      ...{ name, help, labelNames: [label], registers: [registry] },
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(counts)) this.inc({ [label]: value }, count);
      },
    });
  counter(
    'muster_attempts_total',
    'What was tried, by outcome: refused, failed or read',
    'outcome',
    journal.noted,
  );
  counter(
    'muster_attempts_lost_total',
    'Attempts and sources of writes that are not kept: nowhere (the credential names no account), overflow, denied',
    'reason',
    journal.lost,
  );
  new Gauge({
    name: 'muster_attempts_writable',
    help: '0 while the event store does not take what was tried, 1 otherwise',
    registers: [registry],
    collect() {
      this.set(journal.isWritable ? 1 : 0);
    },
  });
}
