import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { defaultLimits } from '../../src/domain/limits.js';

test('X87: MUSTER_LIMITS changes the limits that it names', () => {
  const { limits } = readConfig({ MUSTER_LIMITS: ' users=1000000, keys=0 ' });
  expect(limits).toEqual({ ...defaultLimits, users: 1_000_000, keys: 0 });
});

test.each([
  ...['users', 'users=', 'users=-1', 'users=1e3', 'user=5', 'users=5,', 'users=5,users=6', 'toString=5'].map(
    (value) => ['MUSTER_LIMITS', value],
  ),
  ...['0', '71', '30%', '-1', '1.5'].map((value) => ['MUSTER_ACCOUNTS_MEMORY', value]),
])('%s: %j is named as a wrong setting', (name, value) =>
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} `)),
);
