import { expect, test } from '@jest/globals';
import { ClientGaps } from '../../../src/publish/webhooks/client-gaps.js';

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
