import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { NO_STREAM, RevisionConflict } from '../../src/event-store/event-store.js';
import type {
  DeliveryPage,
  DeliverySelection,
  DeliveryStatus,
  KeptDelivery,
  SubscriberLog,
} from '../../src/event-store/subscriber-log.js';

/** How the contract gets at a kind of subscriber log. */
export interface SubscriberHarness {
  open(): Promise<SubscriberLog>;
  remove(): Promise<void>;
}

const now = Date.now();
export const delivery = (id: string, time = now, status: DeliveryStatus = 'delivered'): KeptDelivery => ({
  ...{ id, time, status, data: JSON.stringify({ id, status }) },
});
export const everything: DeliverySelection = { limit: 100, offset: 0 };
export const idsOf = ({ deliveries }: DeliveryPage): string[] => deliveries.map(({ id }) => id);

/** What every subscriber log does, whatever it is made of. */
export function subscriberLogContract(title: string, makeHarness: () => SubscriberHarness): void {
  describe(title, () => {
    const harness = makeHarness();
    let log: SubscriberLog;
    let name: string;
    beforeAll(async () => {
      log = await harness.open();
    });
    beforeEach(() => {
      name = randomUUID();
    });
    afterAll(async () => {
      await log.close();
      await harness.remove();
    });

    test('knows nothing of a subscriber that saved nothing', async () => {
      expect(await log.state(name)).toBeUndefined();
      expect(await log.orders(name, NO_STREAM, NO_STREAM)).toEqual([]);
      expect(await log.deliveries(name, everything)).toEqual({ total: 0, deliveries: [] });
      expect(await log.delivery(name, 'a')).toBeUndefined();
    });

    test('has the state that was saved last', async () => {
      expect(await log.save(name, NO_STREAM, '{"n":0}')).toBe(0);
      expect(await log.save(name, 0, '{"n":1}')).toBe(1);
      expect(await log.state(name)).toEqual({ revision: 1, data: '{"n":1}' });
    });

    test('lets one of several savers win, who name the same revision', async () => {
      await log.save(name, NO_STREAM, '{}');
      const saves = ['a', 'b', 'c'].map((by) => log.save(name, 0, JSON.stringify({ by })));
      const outcomes = await Promise.allSettled(saves);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
      await expect(log.save(name, NO_STREAM, '{}')).rejects.toThrow(RevisionConflict);
      expect((await log.state(name))?.revision).toBe(1);
    });

    test('has the orders after a place, in the order in which they came', async () => {
      for (const order of ['a', 'b', 'c']) await log.order(name, JSON.stringify({ order }));
      const orders = await log.orders(name, NO_STREAM, NO_STREAM);
      expect(orders.map(({ data }) => data)).toEqual(['{"order":"a"}', '{"order":"b"}', '{"order":"c"}']);
      const second = orders[1]?.revision ?? Number.NaN;
      expect((await log.orders(name, second, NO_STREAM)).map(({ data }) => data)).toEqual(['{"order":"c"}']);
      expect(await log.orders(name, second + 1, NO_STREAM)).toEqual([]);
      // What was taken, but is not done, is there after a crash.
      expect(await log.orders(name, NO_STREAM, NO_STREAM)).toEqual(orders);
      expect(await log.orders(name, second + 1, second + 1)).toEqual([]);
      await log.order(name, '{"order":"d"}');
      const last = await log.orders(name, second + 1, second + 1);
      expect(last.map(({ data }) => data)).toEqual(['{"order":"d"}']);
    });

    test('has the newest state of each delivery, newest first, by pages', async () => {
      await log.record(name, [delivery('a', now, 'pending'), delivery('b', now + 1, 'failed')]);
      await log.record(name, [delivery('c', now + 2), delivery('a', now, 'delivered')]);
      const { total, deliveries } = await log.deliveries(name, everything);
      expect([total, deliveries]).toEqual([
        3,
        [delivery('c', now + 2), delivery('b', now + 1, 'failed'), delivery('a', now, 'delivered')],
      ]);
      expect(idsOf(await log.deliveries(name, { limit: 1, offset: 1 }))).toEqual(['b']);
      expect(await log.delivery(name, 'b')).toEqual(delivery('b', now + 1, 'failed'));
      expect(await log.delivery(randomUUID(), 'b')).toBeUndefined();
    });

    test('selects deliveries by state and time', async () => {
      await log.record(name, [
        ...[delivery('a', now, 'failed'), delivery('b', now + 1, 'given_up')],
        ...[delivery('c', now + 2, 'failed'), delivery('d', now + 3)],
      ]);
      const selected = (selection: Partial<DeliverySelection>) =>
        log.deliveries(name, { ...everything, ...selection }).then((page) => [page.total, idsOf(page)]);
      expect(await selected({ statuses: ['failed'] })).toEqual([2, ['c', 'a']]);
      expect(await selected({ statuses: ['failed', 'given_up'], since: now + 1 })).toEqual([2, ['c', 'b']]);
      expect(await selected({ statuses: ['skipped'] })).toEqual([0, []]);
      expect(await log.deliveryIds(name, { statuses: ['failed'] })).toEqual(['a', 'c']);
      expect(await log.deliveryIds(name, { since: now + 1 })).toEqual(['b', 'c', 'd']);
    });

    test('keeps many deliveries at once', async () => {
      const many = Array.from({ length: 260 }, (_, n) => delivery(`n${n}`, now + n));
      await log.record(name, many);
      expect((await log.deliveries(name, everything)).total).toBe(260);
      expect(idsOf(await log.deliveries(name, { limit: 2, offset: 258 }))).toEqual(['n1', 'n0']);
    });

    test('forgets a subscriber whole, and another not', async () => {
      const other = randomUUID();
      for (const one of [name, other]) {
        await log.save(one, NO_STREAM, '{}');
        await log.order(one, '{}');
        await log.record(one, [delivery('a')]);
      }
      await log.forget(name);
      await log.forget(name);
      expect(await log.state(name)).toBeUndefined();
      expect(await log.orders(name, NO_STREAM, NO_STREAM)).toEqual([]);
      expect(await log.deliveries(name, everything)).toEqual({ total: 0, deliveries: [] });
      expect(await log.state(other)).toBeDefined();
      expect(idsOf(await log.deliveries(other, everything))).toEqual(['a']);
    });

    test('forgets old deliveries', async () => {
      await log.record(name, [delivery('old', 1_000), delivery('young')]);
      await log.deliveries(name, everything);
      while (await log.prune(2_000));
      expect(idsOf(await log.deliveries(name, everything))).toEqual(['young']);
    });
  });
}
