import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AttemptLog, AttemptRange, KeptAttempt } from '../../src/event-store/attempt-log.js';

/** How the contract gets at a kind of attempt log. */
export interface AttemptHarness {
  /** One of several that share what they keep; with `days` for which the server keeps it, if it does so by itself. */
  open(): Promise<AttemptLog>;
  remove(): Promise<void>;
}

const ever = [0, Number.MAX_SAFE_INTEGER] as const;
const all: AttemptRange = { order: 'desc', times: ever, revisions: [-1, Number.MAX_SAFE_INTEGER] };

export async function idsIn(
  log: AttemptLog,
  account: string,
  range: Partial<AttemptRange> = {},
): Promise<string[]> {
  return (await attemptsIn(log, account, range)).map(({ id }) => id);
}

export async function attemptsIn(
  log: AttemptLog,
  account: string,
  range: Partial<AttemptRange> = {},
): Promise<KeptAttempt[]> {
  const found: KeptAttempt[] = [];
  for await (const page of log.read(account, { ...all, ...range })) {
    expect(page).not.toEqual([]);
    found.push(...page);
  }
  return found;
}

const now = Date.now();
const attempt = (id: string, time = now, at = 0): KeptAttempt => ({ id, time, at, data: `{"n":"${id}"}` });
const write = (commandId: string, source = '{"address":"::1"}', time = now) => ({ commandId, time, source });

/** What every attempt log does, whatever it is made of. */
export function attemptLogContract(name: string, makeHarness: () => AttemptHarness): void {
  describe(name, () => {
    const harness = makeHarness();
    let log: AttemptLog;
    let account: string;
    beforeAll(async () => {
      log = await harness.open();
    });
    beforeEach(() => {
      account = randomUUID();
    });
    afterAll(async () => {
      await log.close();
      await harness.remove();
    });

    test('reads nothing of an account that has nothing', async () => {
      expect(await idsIn(log, account)).toEqual([]);
      expect(await log.sources(account, ['a', 'b'])).toEqual(new Map());
    });

    test('reads what was kept, by time, then revision, then id, both ways', async () => {
      const attempts = [attempt('b', now, 1), attempt('c', now - 1, 9), attempt('a', now, 1), attempt('d')];
      await log.append(account, { attempts, writes: [] });
      expect(await attemptsIn(log, account)).toEqual([attempts[0], attempts[2], attempts[3], attempts[1]]);
      expect(await idsIn(log, account, { order: 'asc' })).toEqual(['c', 'd', 'a', 'b']);
    });

    test('reads between times and revisions, both ends included, and from a place on', async () => {
      const attempts = [0, 1, 2, 3, 4].map((n) => attempt(`n${n}`, now - 10 + n, n));
      await log.append(account, { attempts, writes: [] });
      expect(await idsIn(log, account, { times: [now - 9, now - 7] })).toEqual(['n3', 'n2', 'n1']);
      expect(await idsIn(log, account, { revisions: [2, 3] })).toEqual(['n3', 'n2']);
      const after = attempts[2];
      expect(await idsIn(log, account, { after })).toEqual(['n1', 'n0']);
      expect(await idsIn(log, account, { after, order: 'asc' })).toEqual(['n3', 'n4']);
    });

    test('reads more than one page of them in order', async () => {
      const attempts = Array.from({ length: 1_203 }, (_, n) => attempt(`${10_000 + n}`, now - 2_000 + n));
      await log.append(account, { attempts, writes: [] });
      expect(await idsIn(log, account, { order: 'asc' })).toEqual(attempts.map(({ id }) => id));
    });

    test('keeps the same key once, and of what is said of it the last', async () => {
      const batch = { attempts: [attempt('a')], writes: [write(randomUUID())] };
      await log.append(account, batch);
      await log.append(account, batch);
      expect(await idsIn(log, account)).toEqual(['a']);
      await log.append(account, { attempts: [{ ...attempt('a'), data: '{"repeated":7}' }], writes: [] });
      expect(await attemptsIn(log, account)).toEqual([{ ...attempt('a'), data: '{"repeated":7}' }]);
    });

    test('keeps accounts apart', async () => {
      await log.append(account, { attempts: [attempt('mine')], writes: [] });
      const other = randomUUID();
      await log.append(other, { attempts: [attempt('theirs')], writes: [] });
      expect([await idsIn(log, account), await idsIn(log, other)]).toEqual([['mine'], ['theirs']]);
    });

    test('knows where commands came from', async () => {
      const ids = Array.from({ length: 450 }, () => randomUUID());
      const writes = ids.map((id, n) => write(id, `{"address":"10.0.0.${n % 3}"}`));
      await log.append(account, { attempts: [], writes });
      const asked = [ids[1] ?? '', ids[449] ?? '', randomUUID()];
      expect(await log.sources(account, asked)).toEqual(
        new Map([
          [ids[1], '{"address":"10.0.0.1"}'],
          [ids[449], '{"address":"10.0.0.2"}'],
        ]),
      );
    });

    test('forgets what is older than a time, some at once', async () => {
      const [old, young] = [randomUUID(), randomUUID()];
      const attempts = Array.from({ length: 1_500 }, (_, n) => attempt(`${n}`, now - 100 - n));
      const writes = [write(old, '{"address":"10.9.9.9"}', now - 99), write(young, '{"address":"10.9.9.8"}')];
      await log.append(account, { attempts: [...attempts, attempt('young')], writes });
      // Whoever reads by and by has them only from then on.
      expect(await idsIn(log, account)).toHaveLength(1_501);
      while (await log.prune(now - 50)) await new Promise(setImmediate);
      expect(await idsIn(log, account)).toEqual(['young']);
      expect([...(await log.sources(account, [old, young])).keys()]).toEqual([young]);
    });
  });
}
