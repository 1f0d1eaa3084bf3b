import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Dispatch } from '../../../src/publish/webhooks/dispatch.js';
import type { DispatchState } from '../../../src/publish/webhooks/dispatch-state.js';
import { Pace } from '../../../src/publish/webhooks/pace.js';
import { given, plan, rules, sent, start, unit, unordered } from './units.js';

const HOUR = 3_600_000;
/** Lets a unit fail at the times at which it is due, until something else becomes of it. */
function failing(dispatch: Dispatch, id: string) {
  const told: unknown[] = [];
  for (let now = 0; ;) {
    expect(sent(dispatch, now)).toEqual([id]);
    const verdict = dispatch.failed(id, {}, now);
    told.push(verdict.kind === 'again' ? [verdict.due - now, verdict.warning] : verdict);
    if (verdict.kind !== 'again') return told;
    expect(sent(dispatch, verdict.due - 1)).toEqual([]);
    expect(dispatch.nextTime(now)).toBe(verdict.due);
    now = verdict.due;
  }
}

describe('The order of deliveries', () => {
  test('lets what has nothing in common go at once, and one thing in its order', () => {
    const dispatch = given([
      unit(1, 'jane'),
      unit(2, 'jane', 'managers'),
      unit(3, 'bob'),
      unit(4, 'managers'),
    ]);
    expect(sent(dispatch)).toEqual(['acme.1', 'acme.3']);
    dispatch.accepted('acme.3');
    expect(sent(dispatch)).toEqual([]);
    dispatch.accepted('acme.1');
    expect(sent(dispatch)).toEqual(['acme.2']);
    dispatch.accepted('acme.2');
    expect(sent(dispatch)).toEqual(['acme.4']);
  });

  test('holds up only the subject of an event that the receiver does not take', () => {
    const dispatch = given([unit(1, 'jane'), unit(2, 'bob'), unit(3, 'jane')]);
    expect(sent(dispatch)).toEqual(['acme.1', 'acme.2']);
    dispatch.failed('acme.1', {}, 0);
    dispatch.accepted('acme.2');
    for (const revision of [4, 5]) plan(dispatch, unit(revision, 'bob'));
    expect(sent(dispatch)).toEqual(['acme.4']);
    expect(dispatch.watermark).toBe('0');
    expect(sent(dispatch, 5_000)).toEqual(['acme.1']);
    dispatch.accepted('acme.1');
    dispatch.accepted('acme.4');
    expect(sent(dispatch, 5_000)).toEqual(['acme.3', 'acme.5']);
    expect(dispatch.watermark).toBe('2');
  });

  test('of an account is one after the other', () => {
    const dispatch = given([unit(1, 'jane'), unit(2, 'bob')], { order: 'account' });
    expect(sent(dispatch)).toEqual(['acme.1']);
    dispatch.failed('acme.1', {}, 0);
    expect(sent(dispatch)).toEqual([]);
    expect(sent(dispatch, 5_000)).toEqual(['acme.1']);
  });

  test('that does not matter sends at most eight at once', () => {
    const dispatch = given(
      Array.from({ length: 12 }, (_, n) => unit(n + 1)),
      unordered,
    );
    expect(sent(dispatch)).toHaveLength(8);
    dispatch.accepted('acme.5');
    expect(sent(dispatch)).toEqual(['acme.9']);
  });

  test('keeps to the most requests a second', () => {
    const dispatch = given([unit(1), unit(2)], unordered, new Pace(2));
    expect(sent(dispatch, 1_000)).toEqual(['acme.1']);
    expect(dispatch.nextTime(1_000)).toBe(1_500);
    expect(sent(dispatch, 1_499)).toEqual([]);
    expect(sent(dispatch, 1_500)).toEqual(['acme.2']);
  });
});

describe('A delivery that fails', () => {
  const waits = [5_000, 300_000, 1_800_000, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)];
  const warned = [undefined, undefined, undefined, undefined, 50, undefined, 70, undefined, 90];

  test('is tried after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, warns at 50, 70 and 90 %, and switches off', () => {
    expect(failing(given([unit(1)]), 'acme.1')).toEqual([
      ...waits.map((wait, index) => [wait, warned[index]]),
      { kind: 'disable', reason: 'exhausted' },
    ]);
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(75 * HOUR + 35 * 60_000 + 5_000);
  });

  test('is skipped in the end, if so wanted, and the next one goes out', () => {
    const dispatch = given([unit(1, 'jane'), unit(2, 'jane')], { onExhausted: 'skip' });
    expect(failing(dispatch, 'acme.1').at(-1)).toEqual({ kind: 'skipped' });
    expect(dispatch.watermark).toBe('1');
    expect(sent(dispatch, 100 * HOUR)).toEqual(['acme.2']);
  });

  test('warns once of a level until something is accepted', () => {
    const dispatch = given([unit(1), unit(2)], unordered);
    const after = (id: string, times: number) => {
      let last: unknown;
      for (let n = 0; n < times; n++) last = dispatch.failed(id, {}, 0);
      return last;
    };
    expect(sent(dispatch)).toEqual(['acme.1', 'acme.2']);
    expect(after('acme.1', 5)).toMatchObject({ warning: 50 });
    expect(after('acme.2', 5)).not.toHaveProperty('warning');
    dispatch.accepted('acme.2');
    plan(dispatch, unit(3));
    sent(dispatch);
    expect(after('acme.3', 5)).toMatchObject({ warning: 50 });
  });

  test('switches off at once when the receiver is gone', () => {
    const dispatch = given([unit(1)]);
    sent(dispatch);
    expect(dispatch.failed('acme.1', { isGone: true }, 0)).toEqual({ kind: 'disable', reason: 'gone' });
  });

  test('waits as long as the receiver asks, at most a day, and nothing else goes out meanwhile', () => {
    const dispatch = given([unit(1), unit(2)], unordered);
    sent(dispatch);
    expect(dispatch.failed('acme.1', { retryAfterMs: 60_000 }, 0)).toEqual({ kind: 'again', due: 60_000 });
    plan(dispatch, unit(3));
    expect(sent(dispatch, 59_999)).toEqual([]);
    expect(sent(dispatch, 60_000)).toEqual(['acme.1', 'acme.3']);
    expect(dispatch.failed('acme.2', { retryAfterMs: 30 * HOUR }, 0)).toMatchObject({ due: 24 * HOUR });
  });

  test('goes out at once when it is asked for', () => {
    const dispatch = given([unit(1), unit(2)], unordered);
    expect(dispatch.next(0)?.id).toBe('acme.1');
    dispatch.failed('acme.1', {}, 0);
    expect(dispatch.retry('acme.1', 10)).toBe(true);
    expect(dispatch.retry('acme.2', 10)).toBe(false);
    expect(sent(dispatch, 10)).toContain('acme.1');
  });
});

test('A receiver that is down is tried with something new once a minute, and looked at no further', () => {
  const dispatch = given(Array.from({ length: 16 }, (_, n) => unit(n + 1, `user ${n}`)));
  const first = sent(dispatch);
  expect(first).toHaveLength(8);
  for (const id of first) dispatch.failed(id, {}, 0);
  expect(dispatch.room).toBe(0);
  expect(sent(dispatch, 4_999)).toEqual([]);
  expect(sent(dispatch, 60_000)).toEqual(['acme.9']);
  dispatch.accepted('acme.9');
  expect(sent(dispatch, 60_000)).toHaveLength(8);
});

test('Whatever fails and whenever it crashes, everything is accepted in order, and the watermark passes over nothing', () => {
  const step = fc.record({
    kind: fc.constantFrom('plan', 'send', 'accept', 'fail', 'crash', 'wait'),
    pick: fc.nat(),
  });
  const things = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }), {
    ...{ minLength: 5, maxLength: 40 },
  });
  fc.assert(
    fc.property(things, fc.array(step, { maxLength: 120 }), (events, steps) => {
      const keysOf = (revision: number) => events[revision - 1] ?? [];
      const accepted = new Map<number, number>();
      const revisionOf = (id: string) => Number(id.slice('acme.'.length));
      const made = (state: DispatchState) =>
        new Dispatch(state, { ...rules, onExhausted: 'skip' }, new Pace(null), () => 0);
      let dispatch = made(start);
      let [now, turn] = [0, 0];
      let underWay: string[] = [];
      const take = (kind: string, pick: number) => {
        const id = underWay[pick % (underWay.length || 1)];
        if (kind === 'plan' && dispatch.room > 0 && Number(dispatch.cursor) < events.length) {
          const revision = Number(dispatch.cursor) + 1;
          plan(dispatch, unit(revision, ...keysOf(revision)));
        } else if (kind === 'send') underWay.push(...[dispatch.next(now)?.id ?? []].flat());
        else if (kind === 'wait') now += 30 * HOUR;
        else if (kind === 'crash') {
          const saved = JSON.parse(JSON.stringify(dispatch.state)) as DispatchState;
          dispatch = made(saved);
          underWay = [];
        } else if (id !== undefined) {
          underWay = underWay.filter((one) => one !== id);
          if (kind === 'fail') dispatch.failed(id, {}, now);
          else {
            dispatch.accepted(id);
            if (!accepted.has(revisionOf(id))) accepted.set(revisionOf(id), turn++);
          }
        }
        for (let revision = 1; revision <= Number(dispatch.watermark); revision++)
          expect(accepted.has(revision)).toBe(true);
      };
      // A few failures skip nothing: there are ten attempts.
      let failures = 0;
      for (const { kind, pick } of steps) if (kind !== 'fail' || failures++ < 9) take(kind, pick);
      while (accepted.size < events.length || underWay.length > 0)
        for (const kind of ['wait', 'plan', 'send', 'accept']) take(kind, 0);
      expect(dispatch.watermark).toBe(String(events.length));
      for (const key of ['a', 'b', 'c', 'd'] as const) {
        const turns = events.flatMap((keys, n) => (keys.includes(key) ? [accepted.get(n + 1)] : []));
        expect(turns).toEqual(turns.toSorted((a = 0, b = 0) => a - b));
      }
    }),
  );
});
