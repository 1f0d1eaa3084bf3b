import { Dispatch } from '../../../src/publish/webhooks/dispatch.js';
import type { DispatchRules, DispatchState } from '../../../src/publish/webhooks/dispatch-state.js';
import { Pace } from '../../../src/publish/webhooks/pace.js';
import type { Unit } from '../../../src/publish/webhooks/unit.js';

export const start: DispatchState = { scanned: '0', held: [], warned: 0 };
export const rules: DispatchRules = { order: 'subject', onExhausted: 'disable', mostHeld: 1_000_000 };
export const unordered = { order: 'none' } as const;

/** The event at a revision, about the things that its keys name. */
export const unit = (revision: number, ...keys: string[]): Unit => ({
  id: `acme.${revision}`,
  events: [{ account: 'acme', revision }],
  type: 'UserChanged',
  keys,
  before: String(revision - 1),
  planned: 0,
});

export function given(
  units: readonly Unit[],
  more: Partial<DispatchRules> = {},
  pace = new Pace(null),
): Dispatch {
  const dispatch = new Dispatch(start, { ...rules, ...more }, pace, () => 0);
  for (const one of units) plan(dispatch, one);
  return dispatch;
}

export const plan = (dispatch: Dispatch, one: Unit) =>
  dispatch.plan(one, String(one.events.at(-1)?.revision ?? 0));

/** Takes all that may be sent at a time. */
export function sent(dispatch: Dispatch, now = 0): string[] {
  const ids: string[] = [];
  for (let next = dispatch.next(now); next; next = dispatch.next(now)) ids.push(next.id);
  return ids;
}
