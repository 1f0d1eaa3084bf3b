import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { NO_STREAM, RevisionConflict } from '../../event-store/event-store.js';
import type { SubscriberLog } from '../../event-store/subscriber-log.js';

/** How long an instance that shows no sign of life keeps others from its webhooks, in milliseconds. */
const LEASE_MS = 9_000;

interface Sign {
  readonly revision: number;
  /** Since when it is the last sign, and when it was looked for, by the monotonic clock. */
  readonly since: number;
  readonly asked: number;
}

/**
 * Shows other instances that this one lives, and finds out whether they do. Clocks of instances need not agree: a sign
 * is old by the monotonic clock of the instance that looks at it.
 */
export class Heartbeat {
  readonly instance = randomUUID();
  private revision = NO_STREAM;
  private heldUntil = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private showing: Promise<void> | undefined;
  private readonly others = new Map<string, Sign>();

  /** @param isAlone whether this process alone sends for the webhooks of this log while it runs */
  constructor(
    private readonly log: Pick<SubscriberLog, 'state' | 'save' | 'forget'>,
    readonly isAlone: boolean,
    private readonly leaseMs = LEASE_MS,
  ) {}

  /** Whether others may take this instance for dead. */
  get hasRunOut(): boolean {
    return !this.isAlone && performance.now() >= this.heldUntil;
  }

  /** Shows that this instance lives, from now on at intervals. @throws StoreUnavailable, StoreUnusable */
  async begin(): Promise<void> {
    if (this.isAlone) return;
    this.timer ??= setInterval(() => void this.show().catch(() => undefined), this.leaseMs / 3).unref();
    if (this.hasRunOut) await this.show();
  }

  /** @throws StoreUnavailable */
  async isAlive(instance: string): Promise<boolean> {
    if (this.isAlone) return false;
    const known = this.others.get(instance);
    const asked = performance.now();
    if (known && asked - known.asked < this.leaseMs / 10) return this.isFresh(known);
    const state = await this.log.state(nameOf(instance));
    if (!state) {
      this.others.delete(instance);
      return false;
    }
    const since = known?.revision === state.revision ? known.since : performance.now();
    const sign = { revision: state.revision, since, asked };
    this.others.set(instance, sign);
    return this.isFresh(sign);
  }

  /** Lets others know at once that this instance has given up all it held. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.showing?.catch(() => undefined);
    if (this.revision !== NO_STREAM) await this.log.forget(nameOf(this.instance)).catch(() => undefined);
  }

  private isFresh({ since }: Sign): boolean {
    return performance.now() - since < this.leaseMs;
  }

  private show(): Promise<void> {
    this.showing ??= this.showOnce().finally(() => (this.showing = undefined));
    return this.showing;
  }

  private async showOnce(): Promise<void> {
    const asked = performance.now();
    const name = nameOf(this.instance);
    try {
      this.revision = await this.log.save(name, this.revision, '{}');
    } catch (error) {
      // An earlier save took effect, and its answer was lost.
      if (error instanceof RevisionConflict)
        this.revision = (await this.log.state(name))?.revision ?? NO_STREAM;
      throw error;
    }
    this.heldUntil = asked + this.leaseMs;
  }
}

/** A subscriber of its own, whose state is no more than its number. */
function nameOf(instance: string): string {
  return `sender-${instance}`;
}
