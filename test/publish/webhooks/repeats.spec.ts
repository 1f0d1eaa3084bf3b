import { expect, test } from '@jest/globals';
import type { SubscriberOrder } from '../../../src/event-store/subscriber-log.js';
import type { AccountWebhook } from '../../../src/read/present-webhooks.js';
import { Lanes } from '../../../src/publish/webhooks/lanes.js';
import type { Order } from '../../../src/publish/webhooks/order.js';
import { Repeats } from '../../../src/publish/webhooks/repeats.js';
import { start, unit } from './units.js';

const to = { webhook: { id: 'hook' } } as AccountWebhook;
const unused = () => Promise.reject(new Error('Not asked for here'));
const source = {
  ...{ head: 0, startAfter: unused, after: unused, between: unused, holds: unused, read: unused },
  ...{ concerns: () => true, revisionAt: Number, shown: unused },
};
const tests = (count: number) =>
  Array.from({ length: count }, (_, n): Order => ({ kind: 'test', id: String(n) }));
const replay: Order = { kind: 'replay', id: 'again', account: 'acme', from: 1, to: 2 };

/** Repeats with these orders, and the tests that were begun. */
function given(orders: readonly Order[]) {
  const rules = { order: 'subject', on_exhausted: 'skip', max_per_second: null } as const;
  const lanes = new Lanes({ live: start, repeated: start, attempts: null }, rules, 0);
  const repeats = new Repeats(lanes, source, { replays: [], orders: -1 });
  const all = orders.map((order, revision) => ({ revision, data: JSON.stringify(order) }));
  const log = {
    orders: (_name: string, after: number): Promise<readonly SubscriberOrder[]> =>
      Promise.resolve(all.filter(({ revision }) => revision > after)),
    delivery: () => Promise.resolve(undefined),
  };
  const begun: { id: string; ended: () => void }[] = [];
  const take = () => repeats.takeOrders(log, to, 0, (id, ended) => void begun.push({ id, ended }));
  const ids = () => begun.map(({ id }) => id);
  return { lanes, repeats, begun, take, ids };
}

test('of tests eight are under way at a time, and the next begins when one has ended', async () => {
  const { begun, take, ids } = given(tests(10));
  await take();
  expect(ids()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  expect(await take()).toBe(0);
  begun[3]?.ended();
  await take();
  expect(ids().slice(8)).toEqual(['8']);
});

test('a test is done with once it has ended: after a crash it is sent again, and no replay is made twice', async () => {
  const { repeats, begun, take } = given([...tests(2), replay]);
  await take();
  expect(repeats.state).toMatchObject({ orders: -1, replays: [] });
  begun[1]?.ended();
  expect(repeats.state).toMatchObject({ orders: -1, replays: [] });
  begun[0]?.ended();
  await take();
  expect(repeats.state).toMatchObject({ orders: 2, replays: [{ id: 'again' }] });
});

test('a test goes out once, beside an order before it that waits for room', async () => {
  const { lanes, repeats, begun, take, ids } = given([replay, ...tests(2), replay]);
  let revision = 0;
  while (!lanes.repeated.isFull) lanes.repeated.plan(unit((revision += 1), 'user'), '');
  await take();
  expect(ids()).toEqual(['0', '1']);
  expect(await take()).toBe(0);
  expect(repeats.state.orders).toBe(-1);
  for (const { ended } of begun) ended();
  for (let n = 1; n <= revision; n += 1) lanes.repeated.accepted(`acme.${n}`);
  await take();
  expect(ids()).toEqual(['0', '1']);
  expect(repeats.state).toMatchObject({ orders: 3, replays: [{}, {}] });
});
