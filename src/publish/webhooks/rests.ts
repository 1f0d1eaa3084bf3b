import { performance } from 'node:perf_hooks';
import { jittered } from '../../event-store/pauses.js';

/** While the log is out of reach, in milliseconds. */
const BRIEF_MS = 2_000;
const SHORTEST_MS = 5_000;
const LONGEST_MS = 300_000;

/** Webhooks that cannot be served for now, and for how long they are left alone. */
export class Rests {
  private readonly rests = new Map<string, { readonly until: number; readonly length: number }>();

  has(id: string): boolean {
    return performance.now() < (this.rests.get(id)?.until ?? 0);
  }

  briefly(id: string): void {
    this.begin(id, BRIEF_MS, 0);
  }

  /** Each rest is twice as long as the one before. */
  longer(id: string): void {
    const before = this.rests.get(id)?.length ?? 0;
    const length = Math.min(Math.max(before * 2, SHORTEST_MS), LONGEST_MS);
    this.begin(id, length, length);
  }

  forget(id: string): void {
    this.rests.delete(id);
  }

  private begin(id: string, ms: number, length: number): void {
    this.rests.set(id, { until: performance.now() + jittered(ms), length });
  }
}
