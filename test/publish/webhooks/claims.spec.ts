import { expect, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { NO_STREAM } from '../../../src/event-store/event-store.js';
import { SqliteSubscriberLog } from '../../../src/event-store/sqlite.subscriber-log.js';
import type { SavedDeliveries } from '../../../src/publish/webhooks/claim.js';
import { Claims } from '../../../src/publish/webhooks/claims.js';
import { ClientGaps } from '../../../src/publish/webhooks/client-gaps.js';
import { webhookFacts } from '../../support/webhooks.js';

const facts = { ...webhookFacts(), id: 'w', since: 3, disabled_gap: null };
const nothing = { scanned: '9', held: [], warned: 0 } as const;
const saved: SavedDeliveries = {
  ...{ instance: null, since: 3, isOfFamily: false, live: nothing, position: 9, repeated: nothing },
  ...{ replays: [], orders: -1, lastErrors: [], verified: 0 },
};

async function claims(state: SavedDeliveries) {
  const log = new SqliteSubscriberLog(':memory:');
  await log.save('w', NO_STREAM, JSON.stringify(state));
  const source = () => ({ startAfter: (revision: number) => Promise.resolve(String(revision)) }) as never;
  return new Claims({ log, source, clock: new Clock(), instance: 'me', isAlone: true });
}
const one = (closed: boolean) => ({ account: 'acme', closed, webhook: facts as never });

test('what is over in a closed account is not begun again, after a start neither', async () => {
  expect(await (await claims({ ...saved, isOver: true })).take(one(true))).toBe('over');
  expect(await (await claims(saved)).take(one(true))).toMatchObject({ saved: { live: nothing } });
  expect(await (await claims({ ...saved, isOver: true })).take(one(false))).not.toBe('over');
});

test('attempts go on from where they were when clients are included from now on', async () => {
  const attempts = { since: 7, cursors: {}, lane: nothing };
  const wide = { account: 'acme', closed: false, webhook: { ...facts, include_clients: true } as never };
  expect(await (await claims({ ...saved, attempts })).take(wide)).toMatchObject({ saved: { attempts } });
});

test('a gap that is too long to be looked at ends at the head, and begins early rather than late', async () => {
  const at = (account: string, revision: number, hour: string) => ({
    ...{ stream: `account-${account}`, revision, position: '1', id: '', type: '', data: '{}' },
    metadata: JSON.stringify({ time: `2026-03-03T${hour}:00:00.000Z` }),
  });
  const pages = [[at('one', 4, '10'), at('stranger', 2, '10')], [at('one', 5, '11')], [at('two', 8, '13')]];
  const gaps = new ClientGaps(
    {
      store: { readAll: () => pages as never },
      tree: {
        everParentOf: (account) => (account === 'stranger' ? 'other' : 'acme'),
        activeAccounts: (_, since) => {
          expect(new Date(since).toISOString()).toBe('2026-03-03T10:00:00.000Z');
          return ['acme', 'one', 'two'].map((account) => ({ account, revision: 9 }));
        },
      },
      views: { revisionOf: () => 9 },
      moments: { atTime: () => ({ revision: 6 }) as never },
      cursors: { holds: () => Promise.resolve(true) },
      source: () => ({ startAfter: () => Promise.resolve('0 0') }),
    },
    3,
  );
  expect(await gaps.after('acme', '0')).toEqual([
    { client_id: 'one', from: 4, to: 9 },
    { client_id: 'two', from: 7, to: 9 },
  ]);
});
