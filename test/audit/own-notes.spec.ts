import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Clock } from '../../src/application/clock.js';
import type { AttemptQuery } from '../../src/audit/attempts/attempt.js';
import { AttemptJournal } from '../../src/audit/attempts/attempt-journal.js';
import { Attempts } from '../../src/audit/attempts/attempts.js';
import type { TriedAttempt } from '../../src/audit/attempts/flood.js';
import type { AttemptBatch } from '../../src/event-store/attempt-log.js';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { SqliteAttemptLog } from '../../src/event-store/sqlite.attempt-log.js';

Logger.overrideLogger(false);

/** Counts how often it was given something, which it may not take. */
class CountingLog extends SqliteAttemptLog {
  appends = 0;
  isAway = false;
  constructor() {
    super(':memory:', () => Promise.resolve('log'));
  }
  override async append(account: string, batch: AttemptBatch): Promise<void> {
    this.appends += 1;
    if (this.isAway) throw new StoreUnavailable('away');
    await super.append(account, batch);
  }
}

const source = { address: '192.0.2.1', user_agent: null };
const everything: AttemptQuery = { outcomes: ['refused'], filters: [], order: 'asc' };
const attempt: TriedAttempt = {
  ...{ id: 'id', time: '2026-03-03T14:02:00.000Z', at: 7, outcome: 'refused', event: null, revision: null },
  ...{ route: 'PUT /api/v2/groups/{id}', status: 403, code: 'access_denied', via: 'v2', actor: null },
  ...{ claimed: null, credential: null, subjects: [], request_id: 'r', source },
};
let log: CountingLog;
let journal: AttemptJournal;
let attempts: Attempts;
beforeEach(() => {
  log = new CountingLog();
  journal = new AttemptJournal(log, { days: 30, now: () => Date.now() });
  attempts = new Attempts(journal, new Clock());
});
afterEach(() => journal.stop());

test('Where a command came from is known at once, and nothing is written for the question', async () => {
  journal.wrote('acme', 'c1', source);
  expect(await attempts.sourcesOf('acme', ['c1', 'c2'])).toEqual(new Map([['c1', source]]));
  expect(log.appends).toBe(0);
  await journal.flush();
  expect(await attempts.sourcesOf('acme', ['c1'])).toEqual(new Map([['c1', source]]));
  expect(journal.sourcesOf(['c1'])).toEqual(new Map());
});

test('It is known as well while the store does not take it', async () => {
  log.isAway = true;
  journal.wrote('acme', 'c1', source);
  await journal.flush();
  expect(await attempts.sourcesOf('acme', ['c1'])).toEqual(new Map([['c1', source]]));
});

test('A question about attempts has those of its account kept first, and waits for no others', async () => {
  journal.note('globex', attempt);
  journal.wrote('acme', 'c1', source);
  expect((await attempts.page('acme', everything, { limit: 9 })).attempts).toEqual([]);
  expect(log.appends).toBe(0);
  journal.note('acme', attempt);
  expect((await attempts.page('acme', everything, { limit: 9 })).attempts).toHaveLength(1);
});

test('A search through attempts ends when its caller has hung up', async () => {
  journal.note('acme', attempt);
  const hungUp = AbortSignal.abort(new Error('hung up'));
  await expect(attempts.page('acme', everything, { limit: 9 }, hungUp)).rejects.toThrow('hung up');
});
