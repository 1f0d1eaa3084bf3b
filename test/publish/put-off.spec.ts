import { expect, test } from '@jest/globals';
import { PutOff } from '../../src/publish/put-off.js';

const noon = Date.parse('2026-01-31T12:00:00.000Z');
const at = (milliseconds: number) => new Date(noon + milliseconds).toISOString();
const year = 365 * 86_400_000;

test('a mail is due from its time on', () => {
  const putOff = new PutOff();
  const mail = { mail_id: 'm', due: at(5_000), due_since: at(0) };
  expect([4_999, 5_000].map((later) => putOff.isOver(mail, noon + later))).toEqual([false, true]);
  expect(putOff.isOver({ mail_id: 'n', due: null, due_since: null }, noon)).toBe(true);
});

test('C7: one put off by a clock that was a year ahead waits as long as it was put off, from when it is seen', () => {
  const putOff = new PutOff();
  const mail = { mail_id: 'm', due: at(year + 5_000), due_since: at(year) };
  expect([0, 4_999, 5_000].map((later) => putOff.isOver(mail, noon + later))).toEqual([false, false, true]);
});

test('C7: when the clock goes back once more, it waits anew and no longer', () => {
  const putOff = new PutOff();
  const mail = { mail_id: 'm', due: at(year + 5_000), due_since: at(year) };
  expect([1_000, 0, 4_999, 5_000].map((later) => putOff.isOver(mail, noon + later))).toEqual([
    ...[false, false, false, true],
  ]);
});
