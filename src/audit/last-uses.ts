import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { answered } from '../application/unavailable.js';
import type { DomainEvent } from '../domain/aggregates.js';
import { StoreUnavailable, StoreUnusable } from '../event-store/event-store.js';
import { type EndedKeys, isDue, isEnded, type KeyUse, type KeyUses } from '../event-store/key-uses.js';
import { within } from '../event-store/within.js';
import type { KeyHolder } from '../read/credentials.js';
import { StoreTrouble } from './store-trouble.js';

const FLUSH_MS = 1_000;
/** For how long nothing is tried after the store has failed, in milliseconds. */
const REST_MS = 10_000;
/** How many keys are known to have been used within a day. */
const MOST_KNOWN = 100_000;
/** How many uses and ended keys wait at most. */
const MOST_WAITING = 20_000;
/** How long a stop waits, in milliseconds. */
const STOP_PATIENCE_MS = 3_000;

interface Waiting {
  readonly uses: Map<string, KeyUse>;
  readonly ended: EndedKeys[];
}

/**
 * When API keys were used last, at most once a day each. A use is noted at the cost of one look-up, and kept once a
 * second: no request waits for that or hears of a failure.
 */
export class LastUses {
  /** When a use was noted last, by the id of the key. */
  private readonly noted = new LRUCache<string, number>({ max: MOST_KNOWN });
  private waiting = new Map<string, Waiting>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private readonly trouble = new StoreTrouble(new Logger(LastUses.name), 'Uses of API keys');

  /** @param now in milliseconds since the epoch */
  constructor(
    private readonly store: KeyUses,
    private readonly now: () => number,
  ) {}

  /** Takes note that a key has let somebody in. */
  note({ account, id: user_id, key: key_id }: Pick<KeyHolder, 'account' | 'id' | 'key'>): void {
    const time = this.now();
    if (!isDue({ time }, this.noted.get(key_id)) || this.count >= MOST_WAITING) return;
    this.noted.set(key_id, time);
    this.waitingIn(account).uses.set(key_id, { key_id, user_id, time });
    this.count += 1;
    this.schedule(FLUSH_MS);
  }

  /** Forgets the keys that events of an account have ended. */
  forget(account: string, events: readonly DomainEvent[]): void {
    for (const event of events) {
      const ended = endedBy(account, event);
      if (!ended || this.count >= MOST_WAITING) continue;
      const { uses, ended: others } = this.waitingIn(account);
      for (const use of uses.values()) if (isEnded(use, ended)) uses.delete(use.key_id);
      others.push(ended);
      this.count += 1;
      this.schedule(FLUSH_MS);
    }
  }

  /**
   * When keys were used last, in milliseconds since the epoch, by their ids.
   * @throws Rejection unavailable
   */
  async of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (keyIds.length === 0) return new Map();
    await this.flush();
    try {
      const detail = 'Uses of keys cannot be read right now; try again shortly';
      return await answered(() => this.store.of(account, keyIds), detail);
    } catch (error) {
      // Without the right to read there, nothing is known of any use.
      if (error instanceof StoreUnusable) return new Map();
      throw error;
    }
  }

  /** Resolves when what was noted by now is kept, as far as the store takes it. It never fails. */
  async flush(): Promise<void> {
    await this.flushing;
    if (this.count === 0) return;
    await (this.flushing ??= this.flushNow().finally(() => (this.flushing = undefined)));
  }

  async stop(): Promise<void> {
    await within(STOP_PATIENCE_MS, this.flush(), () => new Error()).catch(() => undefined);
    clearTimeout(this.timer);
    await this.store.close();
  }

  private waitingIn(account: string): Waiting {
    const waiting = this.waiting.get(account) ?? { uses: new Map(), ended: [] };
    this.waiting.set(account, waiting);
    return waiting;
  }

  private schedule(after: number): void {
    this.timer ??= setTimeout(() => {
      void this.flush().then(() => {
        this.timer = undefined;
        if (this.count > 0) this.schedule(this.trouble.isThere ? REST_MS : FLUSH_MS);
      });
    }, after).unref();
  }

  private async flushNow(): Promise<void> {
    const { waiting } = this;
    this.waiting = new Map();
    this.count = 0;
    for (const [account, { uses, ended }] of waiting)
      try {
        if (uses.size > 0) await this.store.keep(account, [...uses.values()]);
        for (const one of ended) await this.store.forget(account, one);
        waiting.delete(account);
        this.trouble.succeeded();
        await new Promise(setImmediate);
      } catch (error) {
        this.trouble.failed(error);
        if (error instanceof StoreUnavailable) break;
      }
    this.putBack(waiting);
  }

  /** Has the rest wait again. What was noted meanwhile is later. */
  private putBack(rest: ReadonlyMap<string, Waiting>): void {
    for (const [account, { uses, ended }] of rest) {
      const now = this.waitingIn(account);
      const stillUsed = [...uses].filter(([, use]) => !now.ended.some((one) => isEnded(use, one)));
      for (const [key, use] of stillUsed) if (!now.uses.has(key)) now.uses.set(key, use);
      now.ended.unshift(...ended);
    }
    this.count = 0;
    for (const { uses, ended } of this.waiting.values()) this.count += uses.size + ended.length;
  }
}

function endedBy(account: string, { type, data }: DomainEvent): EndedKeys | undefined {
  switch (type) {
    case 'ApiKeyRevoked':
      return { key_id: data.key_id };
    case 'UserDeleted':
      return { user_id: data.user_id };
    case 'ClientClosed':
      return { account };
    default:
      return undefined;
  }
}
