import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import type { Webhook } from '../../../src/domain/webhook-record.js';
import { SqliteSubscriberLog } from '../../../src/event-store/sqlite.subscriber-log.js';
import { Courier } from '../../../src/publish/webhooks/courier.js';
import { Ledger } from '../../../src/publish/webhooks/ledger.js';
import type { Transmitted } from '../../../src/publish/webhooks/transmission.js';
import { WebhookCommands } from '../../../src/publish/webhooks/webhook-commands.js';
import { webhookFacts } from '../../support/webhooks.js';
import { unit } from './units.js';

const time = '2026-03-03T14:02:00.000Z';
const nothing = { scanned: '0', held: [], warned: 0 } as const;
const unused = () => Promise.reject(new Error('Not asked for here'));

let log: SqliteSubscriberLog;
beforeEach(() => {
  log = new SqliteSubscriberLog(':memory:');
});
afterEach(() => log.close());

/** A courier whose receiver answers in turn so many milliseconds later, with a status. */
function courierTo(...answers: [durationMs: number, status: number][]) {
  const none = { kind: 'system', id: null, account: null } as const;
  const webhook: Webhook = {
    ...{
      ...webhookFacts(),
      id: 'hook',
      since: 0,
      status: 'active',
      disabled_reason: null,
      disabled_gap: null,
    },
    ...{ header_names: [], sealed_headers: {}, secrets: [], created_by: none, created: time, after: 0 },
  };
  const saved = {
    ...{ instance: null, since: 0, isOfFamily: false, live: nothing, position: 0, marks: [] },
    ...{ repeated: nothing, replays: [], orders: -1, lastErrors: [], verified: 0 },
  };
  const ledger = new Ledger(log, webhook, saved, 0);
  const doubts: boolean[] = [];
  const attempts: boolean[] = [];
  const disabled: string[] = [];
  const transmit = (): Promise<Transmitted> => {
    const [duration_ms, status_code] = answers.shift() ?? [0, 204];
    const attempt = { time, duration_ms, status_code, response: '' };
    return Promise.resolve({ attempt, isAccepted: status_code < 300, isGone: status_code === 410 });
  };
  const commands = new WebhookCommands({ run: unused }, { take: () => () => undefined });
  commands.disable = (_webhook, reason) => Promise.resolve(void disabled.push(reason));
  const courier = new Courier(
    {
      ...{
        transmission: { send: transmit, sendOwn: transmit, close: () => undefined },
        commands,
        clock: new Clock(),
      },
      slots: {
        run: (isDoubtful, send) => {
          doubts.push(isDoubtful);
          return send();
        },
      },
      attempted: (_webhook, isAccepted) => attempts.push(isAccepted),
    },
    {
      ...{
        webhook: { account: 'acme', webhook, closed: false },
        mayGo: () => true,
        position: 0,
        now: () => 0,
      },
      ...{ signal: new AbortController().signal, close: () => undefined },
      inBackground: (work) => void work(),
    },
    ledger,
    {
      ...{ head: 0, startAfter: unused, after: unused, between: unused, holds: unused },
      ...{ concerns: () => true, revisionAt: Number, shown: (cursor) => Promise.resolve(cursor) },
      read: (places) =>
        Promise.resolve(places.map(({ revision }) => ({ id: `acme/${revision}`, text: '{}' }))),
    },
    { read: unused },
  );
  return { courier, ledger, doubts, attempts, disabled };
}

test('a receiver that was slow last takes no place from the others until it is quick again', async () => {
  const { courier, ledger, doubts } = courierTo([14_000, 200], [2_001, 200], [2_000, 200]);
  const { live } = ledger.lanes;
  for (let n = 1; n <= 4; n += 1) {
    live.plan(unit(n, 'user'), String(n));
    const next = live.next(0);
    if (next) await courier.deliver(live, next);
  }
  expect(doubts).toEqual([false, true, true, false]);
});

test.each(['WebhookTest', 'WebhookVerified'] as const)(
  'a %s takes its turn, counts as an attempt, and disables a webhook that is gone',
  async (type) => {
    const { courier, doubts, attempts, disabled } = courierTo([31, 200], [31, 410]);
    await courier.sendOwn(type, 'first');
    expect(disabled).toEqual([]);
    await courier.sendOwn(type, 'second');
    expect([doubts, attempts, disabled]).toEqual([[false, false], [true, false], ['gone']]);
  },
);
