import { Logger } from '@nestjs/common';
import { expect, jest, test } from '@jest/globals';
import { ClockWatch } from '../../src/read/clock-watch.js';

test('C7: events that are ahead of the clock are told of once', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const watch = new ClockWatch(() => Date.parse('2026-01-31T12:00:00.000Z'));
  for (const time of ['2026-01-31T12:01:00.000Z', '2025-01-31T12:00:00.000Z', '']) watch.see('acme', time);
  expect(warn).not.toHaveBeenCalled();
  for (let times = 0; times < 2; times += 1) watch.see('acme', '2027-01-31T12:00:00.000Z');
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/ahead of the clock: .* acme is of 2027-01-31T12/)],
  ]);
  warn.mockRestore();
});
