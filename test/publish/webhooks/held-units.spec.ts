import { describe, expect, test } from '@jest/globals';
import { Dispatch } from '../../../src/publish/webhooks/dispatch.js';
import { weightOf } from '../../../src/publish/webhooks/dispatch-state.js';
import { mostPlanned } from '../../../src/publish/webhooks/lanes.js';
import { Pace } from '../../../src/publish/webhooks/pace.js';
import { unitsOf } from '../../../src/publish/webhooks/planning.js';
import { given, plan, rules, sent, start, unit, unordered } from './units.js';

describe('What is held', () => {
  test('is bounded: with too much of it, events are looked at no further until some are accepted', () => {
    const mostHeld = weightOf(unit(1, 'jane')) * 3;
    const dispatch = given([unit(1, 'jane'), unit(2, 'jane')], { mostHeld });
    expect(dispatch.room).toBeGreaterThan(0);
    plan(dispatch, unit(3, 'jane'));
    expect(dispatch.room).toBe(0);
    sent(dispatch);
    dispatch.accepted('acme.1');
    expect(dispatch.room).toBeGreaterThan(0);
  });

  test('keeps to another order from when it is changed', () => {
    const dispatch = given([unit(1, 'jane'), unit(2, 'jane'), unit(3, 'bob')], unordered);
    expect(sent(dispatch)).toEqual(['acme.1', 'acme.2', 'acme.3']);
    for (const id of ['acme.2', 'acme.1', 'acme.3']) dispatch.failed(id, {}, 0);
    dispatch.change({ ...rules, order: 'account' });
    expect(sent(dispatch, 5_000)).toEqual(['acme.1']);
    dispatch.change(rules);
    expect(sent(dispatch, 5_000)).toEqual(['acme.3']);
    dispatch.accepted('acme.1');
    expect(sent(dispatch, 5_000)).toEqual(['acme.2']);
  });

  test('waits a second when this service could not send it, not less', () => {
    const dispatch = given([unit(1)]);
    sent(dispatch);
    dispatch.release('acme.1', 10);
    expect(sent(dispatch, 1_009)).toEqual([]);
    expect(dispatch.nextTime(10)).toBe(1_010);
    expect(sent(dispatch, 1_010)).toEqual(['acme.1']);
  });

  test('and had failed before a crash, says after it that the receiver is doubtful or down', () => {
    const held = Array.from({ length: 8 }, (_, n) => ({
      ...unit(n + 1, `user ${n}`),
      failures: 1,
      due: 5_000,
    }));
    const after = (count: number) =>
      new Dispatch({ ...start, held: held.slice(0, count) }, rules, new Pace(null), () => 0);
    expect([after(0).isDoubtful, after(1).isDoubtful]).toEqual([false, true]);
    expect(sent(after(7), 5_000)).toHaveLength(7);
    expect(sent(after(8), 5_000)).toHaveLength(1);
  });
});

describe('What is planned at once', () => {
  test('has the keys of all its events, so that an order that comes later holds for all of them', () => {
    const textAbout = (user_id: string) => JSON.stringify({ data: { user_id } });
    const wanted = ['jane', 'bob', 'jane'].map((user_id, index) => ({
      event: { account: 'acme', revision: index, type: 'UserChanged', text: textAbout(user_id) },
      ...{ before: String(index - 1), cursor: String(index) },
    }));
    expect(unitsOf(wanted, { batch: 3 }, 0).map(({ unit: { keys } }) => keys)).toEqual([['jane', 'bob']]);
  });

  test.each([
    [16, 1, 16],
    [16, 100, 500],
    [16, 1_000, 1_000],
    [1, 1_000, 1_000],
    [0, 1_000, 0],
  ])('is for %i units of %i events at most %i', (room, batch, most) =>
    expect(mostPlanned(room, { batch })).toBe(most),
  );
});
