import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LastUses } from '../../src/audit/last-uses.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { StoreUnavailable, StoreUnusable } from '../../src/event-store/event-store.js';
import type { KeyUse } from '../../src/event-store/key-uses.js';
import { SqliteKeyUses } from '../../src/event-store/sqlite.key-uses.js';

const DAY = 86_400_000;

/** What keeps uses, and can be made to fail. */
class Store extends SqliteKeyUses {
  failure: Error | undefined;
  readonly kept: (readonly KeyUse[])[] = [];

  constructor() {
    super(':memory:');
  }

  override async keep(account: string, uses: readonly KeyUse[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.kept.push(uses);
    await super.keep(account, uses);
  }

  override of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.failure ? Promise.reject(this.failure) : super.of(account, keyIds);
  }
}

let store: Store;
let now: number;
let lastUses: LastUses;
beforeEach(() => {
  store = new Store();
  now = Date.parse('2026-03-03T14:00:00.000Z');
  lastUses = new LastUses(store, () => now);
  Logger.overrideLogger(false);
});
afterEach(() => lastUses.stop());

const note = (key: string, id = 'jane') => lastUses.note({ account: 'acme', id, key });
const of = async (...keys: string[]) => Object.fromEntries(await lastUses.of('acme', keys));

describe('The last use of a key', () => {
  test('is known at once to whoever asks, and kept once a day', async () => {
    for (let turn = 0; turn < 5; turn += 1) note('a');
    expect(await of('a', 'b')).toEqual({ a: now });
    const first = now;
    now += DAY - 1;
    note('a');
    expect([await of('a'), store.kept.length]).toEqual([{ a: first }, 1]);
    now += 1;
    note('a');
    expect([await of('a'), store.kept.length]).toEqual([{ a: now }, 2]);
  });

  test('is kept once a day also after a restart', async () => {
    note('a');
    const first = now;
    await lastUses.flush();
    now += 1_000;
    const again = new LastUses(store, () => now);
    again.note({ account: 'acme', id: 'jane', key: 'a' });
    expect(await again.of('acme', ['a'])).toEqual(new Map([['a', first]]));
  });

  test('is kept at a stop', async () => {
    note('a');
    const path = store;
    await lastUses.flush();
    expect((await path.of('acme', ['a'])).size).toBe(1);
  });

  test('waits while the store fails, which nobody hears of but whoever asks', async () => {
    store.failure = new StoreUnavailable('The disk is full');
    note('a');
    await lastUses.flush();
    note('b');
    await expect(of('a')).rejects.toThrow(Rejection);
    store.failure = new StoreUnusable('Denied');
    expect(await of('a')).toEqual({});
    store.failure = undefined;
    expect(await of('a', 'b')).toEqual({ a: now, b: now });
  });

  test('is forgotten with the key, with its user and with the account', async () => {
    const keys = ['a', 'b', 'c', 'd'];
    const noteAll = () => {
      for (const [n, key] of keys.entries()) note(key, n === 1 ? 'jim' : 'jane');
    };
    const ended = (type: string, data: object) =>
      lastUses.forget('acme', [{ type, data }] as unknown as readonly DomainEvent[]);
    noteAll();
    // Whether they are kept already, or wait.
    await lastUses.flush();
    ended('ApiKeyRevoked', { user_id: 'jane', key_id: 'a' });
    note('e', 'jim');
    ended('UserDeleted', { user_id: 'jim' });
    ended('UserRenamed', { user_id: 'jane' });
    expect(Object.keys(await of(...keys, 'e'))).toEqual(['c', 'd']);
    ended('ClientClosed', {});
    expect(await of(...keys)).toEqual({});
  });
});
