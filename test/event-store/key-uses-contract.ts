import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyUses } from '../../src/event-store/key-uses.js';

/** How the contract gets at one kind of what keeps uses of keys. */
export interface KeyUsesHarness {
  open(): Promise<KeyUses>;
  remove(): Promise<void>;
}

const HOUR = 3_600_000;
const now = Date.parse('2026-03-03T14:00:00.000Z');
export const use = (key_id: string, time = now, user_id = 'jane') => ({ key_id, user_id, time });

/** What each of them does, whatever it is made of. */
export function keyUsesContract(name: string, makeHarness: () => KeyUsesHarness): void {
  describe(name, () => {
    const harness = makeHarness();
    let keyUses: KeyUses;
    let account: string;
    let other: string;
    beforeAll(async () => {
      keyUses = await harness.open();
    });
    beforeEach(() => {
      [account, other] = [randomUUID(), randomUUID()];
    });
    afterAll(async () => {
      await keyUses.close();
      await harness.remove();
    });
    const key = (word: string) => `${word}-${account}`;

    test('knows nothing of keys that were not used', async () => {
      expect(await keyUses.of(account, [key('a')])).toEqual(new Map());
      expect(await keyUses.of(account, [])).toEqual(new Map());
    });

    test('tells when the keys were used that are asked for, in their account alone', async () => {
      await keyUses.keep(account, [use(key('a')), use(key('b'), now + 1), use(key('c'), now + 2)]);
      expect(await keyUses.of(account, [key('a'), key('c'), 'nothing'])).toEqual(
        new Map([
          [key('a'), now],
          [key('c'), now + 2],
        ]),
      );
      expect(await keyUses.of(other, [key('a')])).toEqual(new Map());
    });

    test('keeps one use of a key in 24 hours, the first', async () => {
      const times = async (time: number) => {
        await keyUses.keep(account, [use(key('a'), time)]);
        return (await keyUses.of(account, [key('a')])).get(key('a'));
      };
      expect(await times(now)).toBe(now);
      expect(await times(now + 24 * HOUR - 1)).toBe(now);
      expect(await times(now + 24 * HOUR)).toBe(now + 24 * HOUR);
      expect(await times(now + 23 * HOUR)).toBe(now + 24 * HOUR);
    });

    test('takes the word of a clock that is right again after one that was far ahead', async () => {
      await keyUses.keep(account, [use(key('a'), now + 1_000 * HOUR)]);
      await keyUses.keep(account, [use(key('a'), now)]);
      expect(await keyUses.of(account, [key('a')])).toEqual(new Map([[key('a'), now]]));
    });

    test('keeps many at once', async () => {
      const uses = Array.from({ length: 2_345 }, (_, n) => use(key(`k${n}`), now + n));
      await keyUses.keep(account, uses);
      const ids = uses.map(({ key_id }) => key_id);
      expect([...(await keyUses.of(account, ids)).values()].sort()).toEqual(
        uses.map(({ time }) => time).sort(),
      );
    });

    test('forgets a key, those of a user, or those of the account, and no others', async () => {
      const all = ['a', 'b', 'c', 'd'].map(key);
      const left = async () => [...(await keyUses.of(account, all)).keys()].map((id) => id[0]).sort();
      await keyUses.keep(account, [
        use(key('a')),
        use(key('b')),
        use(key('c'), now, 'jim'),
        use(key('d'), now, 'ann'),
      ]);
      await keyUses.keep(other, [use(`z-${account}`)]);
      await keyUses.forget(account, { key_id: key('a') });
      expect(await left()).toEqual(['b', 'c', 'd']);
      await keyUses.forget(account, { user_id: 'jim' });
      expect(await left()).toEqual(['b', 'd']);
      await keyUses.forget(account, { account });
      expect(await left()).toEqual([]);
      expect((await keyUses.of(other, [`z-${account}`])).size).toBe(1);
      await keyUses.keep(account, [use(key('b'), now + 1)]);
      expect(await left()).toEqual(['b']);
    });
  });
}
