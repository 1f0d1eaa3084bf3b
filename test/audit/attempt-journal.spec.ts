import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AttemptJournal } from '../../src/audit/attempts/attempt-journal.js';
import { attemptId } from '../../src/audit/attempts/attempt-id.js';
import type { TriedAttempt } from '../../src/audit/attempts/flood.js';
import type { AttemptBatch, AttemptLog } from '../../src/event-store/attempt-log.js';
import { StoreUnavailable, StoreUnusable } from '../../src/event-store/event-store.js';
import { SqliteAttemptLog } from '../../src/event-store/sqlite.attempt-log.js';
import { attemptsIn } from '../event-store/attempt-contract.js';

/** An attempt log in memory that may have trouble. */
class TroubledLog extends SqliteAttemptLog {
  trouble: Error | undefined;
  /** Answers wait for it. */
  held: Promise<void> = Promise.resolve();
  appends = 0;

  constructor() {
    super(':memory:', () => Promise.resolve('log'));
  }

  override async append(account: string, batch: AttemptBatch): Promise<void> {
    this.appends += 1;
    await this.held;
    if (this.trouble) throw this.trouble;
    await super.append(account, batch);
  }
}

let log: TroubledLog;
let journal: AttemptJournal;
const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  jest
    .spyOn(Logger.prototype, 'warn')
    .mockImplementation((line: unknown) => void warnings.push(String(line)));
  log = new TroubledLog();
  journal = new AttemptJournal(log, { days: 30, now: () => Date.now() });
});
afterEach(async () => {
  log.trouble = undefined;
  await journal.stop();
  jest.restoreAllMocks();
});

function tried(facts: Partial<TriedAttempt> = {}): TriedAttempt {
  const time = '2026-03-03T14:02:00.000Z';
  return {
    ...{ id: attemptId(Date.parse(time)), time, at: 7, outcome: 'refused', event: null, revision: null },
    ...{ route: 'DELETE /api/v2/groups/{id}', status: 403, code: 'access_denied', via: 'v2' },
    actor: { kind: 'user', id: 'jane', name: 'Jane Doe' },
    ...{ claimed: null, credential: null, subjects: [], request_id: 'r' },
    source: { address: '192.0.2.1', user_agent: null },
    ...facts,
  };
}

async function kept(account = 'acme', of: AttemptLog = log) {
  return (await attemptsIn(of, account, { order: 'asc' })).map(
    ({ data }) => JSON.parse(data) as TriedAttempt & { repeated: number },
  );
}
const repeatedIn = async (account?: string) => (await kept(account)).map(({ repeated }) => repeated);

describe('A flood', () => {
  test('of what says the same is one attempt that counts the further ones, also when it was kept already', async () => {
    for (let n = 0; n < 3; n += 1) journal.note('acme', tried({ request_id: `r${n}` }));
    await journal.flush();
    expect(await repeatedIn()).toEqual([2]);
    for (let n = 0; n < 4_209; n += 1) journal.note('acme', tried());
    await journal.flush();
    expect(await repeatedIn()).toEqual([4_211]);
    expect((await kept())[0]?.request_id).toBe('r0');
    expect(log.appends).toBe(2);
  });

  test.each<[string, Partial<TriedAttempt>]>([
    ['another caller', { actor: { kind: 'user', id: 'jim', name: 'Jim' } }],
    ['another route', { route: 'DELETE /api/v2/groups/{id}/users/{userId}' }],
    ['another code', { code: 'built_in_group' }],
    ['another address', { source: { address: '192.0.2.2', user_agent: null } }],
    ['another thing', { subjects: [{ type: 'group', id: 'g', name: null }] }],
    ['another claim', { claimed: { email: 'a@example.com' } }],
  ])('does not count %s with it', async (_, other) => {
    journal.note('acme', tried());
    journal.note('acme', tried(other));
    journal.note('globex', tried());
    await journal.flush();
    expect([await repeatedIn(), await repeatedIn('globex')]).toEqual([[0, 0], [0]]);
  });

  test('of ever other claims from one address is a hundred attempts, the last of which counts the rest', async () => {
    for (let n = 0; n < 5_000; n += 1)
      journal.note('acme', tried({ claimed: { email: `${n}@example.com` }, actor: null, outcome: 'failed' }));
    await journal.flush();
    const counts = await repeatedIn();
    expect([counts.length, counts.at(-1), Math.max(...counts.slice(0, -1))]).toEqual([100, 4_900, 0]);
  });

  test('from ever other addresses is a thousand attempts of an account, and leaves room for others', async () => {
    for (let n = 0; n < 5_000; n += 1)
      journal.note('acme', tried({ source: { address: `2001:db8::${n.toString(16)}`, user_agent: null } }));
    journal.note('acme', tried({ outcome: 'failed', code: 'auth_fail' }));
    journal.note('globex', tried());
    await journal.flush();
    const counts = await repeatedIn();
    expect([counts.length, counts.reduce((sum, one) => sum + one + 1, 0)]).toEqual([1_001, 5_001]);
    // Nothing of another outcome is counted with it.
    expect((await kept()).at(-1)).toMatchObject({ outcome: 'failed', repeated: 0 });
    expect(await repeatedIn('globex')).toEqual([0]);
    expect(journal.lost.overflow).toBe(0);
  });
});

describe('A store that cannot be written', () => {
  test('fails nobody: what is noted waits, one line says so, and all is kept when it can again', async () => {
    log.trouble = new StoreUnavailable('The disk is full');
    for (let n = 0; n < 3; n += 1) {
      journal.note('acme', tried({ request_id: `r${n}`, code: `code${n}` }));
      journal.wrote('acme', `command${n}`, { address: '192.0.2.1', user_agent: null });
      await journal.flush();
    }
    expect([await kept(), journal.isWritable, journal.lost.overflow]).toEqual([[], false, 0]);
    expect(warnings).toEqual([expect.stringContaining('The disk is full')]);
    log.trouble = undefined;
    await journal.flush();
    expect((await kept()).map(({ request_id }) => request_id)).toEqual(['r0', 'r1', 'r2']);
    expect((await log.sources('acme', ['command0', 'command1', 'command2'])).size).toBe(3);
    expect(journal.isWritable).toBe(true);
  });

  test('is asked for one batch at a time, not for those of every account', async () => {
    log.trouble = new StoreUnavailable('It does not answer');
    for (let n = 0; n < 100; n += 1) journal.note(`account${n}`, tried());
    await journal.flush();
    expect(log.appends).toBeLessThanOrEqual(2);
  });

  test('has so much wait and no more; the rest is counted', async () => {
    log.trouble = new StoreUnavailable('It does not answer');
    for (let n = 0; n < 21_000; n += 1) journal.wrote('acme', `c${n}`, { address: '::1', user_agent: null });
    await journal.flush();
    for (let n = 0; n < 500; n += 1) journal.wrote('acme', `d${n}`, { address: '::1', user_agent: null });
    expect(journal.lost.overflow).toBe(1_500);
    for (let n = 0; n < 20_100; n += 1) journal.note(`account${n % 1000}`, tried({ code: `${n}` }));
    expect(journal.lost.overflow).toBe(1_600);
  });

  test('that hangs does not keep anybody waiting to note', async () => {
    let free = () => {};
    log.held = new Promise((resolve) => (free = resolve));
    journal.note('acme', tried());
    const flushed = journal.flush();
    journal.note('acme', tried({ code: 'later' }));
    free();
    await flushed;
    await journal.flush();
    expect((await kept()).map(({ code }) => code)).toEqual(['access_denied', 'later']);
  });

  test('that denies access loses what is noted, which is counted, and is left alone for a while', async () => {
    log.trouble = new StoreUnusable('EventStoreDB denies access to attempts-acme');
    for (let n = 0; n < 3; n += 1) {
      journal.note('acme', tried({ code: `code${n}` }));
      await journal.flush();
    }
    expect([journal.lost.denied, journal.isWritable, log.appends]).toEqual([3, false, 1]);
    expect(warnings).toEqual([expect.stringContaining('denies access')]);
  });
});

describe('The journal', () => {
  test('keeps at its stop what it has noted', async () => {
    const closed = jest.spyOn(log, 'close').mockResolvedValue();
    journal.note('acme', tried());
    await journal.stop();
    expect([await repeatedIn(), closed.mock.calls.length]).toEqual([[0], 1]);
  });

  test('counts what names no account, and keeps it nowhere', async () => {
    journal.note(undefined, tried({ outcome: 'failed' }));
    await journal.flush();
    expect([journal.lost.nowhere, journal.noted.failed, log.appends]).toEqual([1, 1, 0]);
  });

  test('that is off takes note of nothing', async () => {
    const off = new AttemptJournal(undefined, { days: 0, now: () => Date.now() });
    off.note('acme', tried());
    off.wrote('acme', 'c', { address: '::1', user_agent: null });
    await off.flush();
    expect([off.isOn, off.noted.refused, off.lost.overflow]).toEqual([false, 0, 0]);
    await off.stop();
  });
});

test('Ids of attempts are in the order in which they are made', () => {
  const ids = Array.from({ length: 300 }, (_, n) => attemptId(1_700_000_000_000 + Math.floor(n / 100)));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(300);
});
