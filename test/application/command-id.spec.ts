import { expect, test } from '@jest/globals';
import { commandId } from '../../src/application/command-id.js';

test('An id of a command is a UUID of version 7 (RFC 9562), and begins with its time', () => {
  const id = commandId(Date.parse('2022-02-22T19:22:22.000Z'));
  expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('Ids of later commands are greater, and no two are equal', () => {
  const ids = Array.from({ length: 1000 }, (_, at) => commandId(1_700_000_000_000 + at));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => commandId(0))).size).toBe(1000);
});
