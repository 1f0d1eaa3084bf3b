import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { FreeSpace } from '../../application/free-space.js';
import { Projector } from '../../read/projector.js';

/** What a request's method is called; all others together are one. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What Prometheus reads at /metrics. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor(projector: Projector, freeSpace: FreeSpace) {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'muster_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers: [this.registry],
    });
    new Gauge({
      name: 'muster_views_caught_up',
      help: '1 when the views have caught up with the log',
      registers: [this.registry],
      collect() {
        this.set(projector.isCaughtUp ? 1 : 0);
      },
    });
    new Gauge({
      name: 'muster_event_store_reachable',
      help: '1 when the event store was heard of within the last 10 s',
      registers: [this.registry],
      collect() {
        this.set(projector.isStale ? 0 : 1);
      },
    });
    new Gauge({
      name: 'muster_event_store_writable',
      help: '0 while the event log cannot be written, 1 otherwise',
      registers: [this.registry],
      collect() {
        this.set(projector.logTrouble === undefined ? 1 : 0);
      },
    });
    new Gauge({
      name: 'muster_accounts_stopped',
      help: 'Accounts whose views have stopped, or that take no commands because their log cannot be read',
      registers: [this.registry],
      collect() {
        this.set(projector.stoppedAccounts.length);
      },
    });
    new Gauge({
      name: 'muster_disk_free_bytes',
      help: 'Room left on the disk of the log or of the views',
      labelNames: ['volume'],
      registers: [this.registry],
      collect() {
        for (const { volume, bytes } of freeSpace.free) this.set({ volume }, bytes);
      },
    });
  }

  /**
   * Takes note of an answer.
   * @param route the pattern of its path; callers must not be able to make up new ones
   */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method: methods.has(method) ? method : 'other', route, status }, seconds);
  }
}
