import { expect, test } from '@jest/globals';
import { cursorIn, placeOf, textOfCursor } from '../../src/feed/log-cursor.js';

const log = '0b4e8a52-6f1d-4c36-9a77-2f4b6c8d0e1f';
const text = textOfCursor({ log, position: '4711', mark: '9c1d4e07' });

test('a cursor of the log comes back as it was written, of any store and with a prefix', () => {
  for (const position of ['', '1', '4711', '900000000000000123/900000000000000100']) {
    const cursor = { log: `${log}/tenant-`, position, mark: '9c1d4e07' };
    expect(cursorIn(textOfCursor(cursor))).toEqual(cursor);
    expect(textOfCursor(cursor)).toMatch(/^[\w-]+$/);
  }
});

test('a cursor names an event by a part of its id alone', () => {
  expect(placeOf({ position: '7', id: '3d1b6c0e-8a94-4f5b-8c1d-2f4b9c1d4e07' })).toEqual({
    position: '7',
    mark: '9c1d4e07',
  });
});

const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  ...['', ' ', '4711', 'null', 'é', text.slice(1), text.slice(0, -2), `${text}=`, `${text} `, ` ${text}`],
  ...[[], {}, null, [log, '1'], [log, 1, 'x'], [1, '1', 'x'], [log, 'x', 'x'], [log, '-1', 'x']].map(written),
  ...[
    [log, '1/2/3', 'x'],
    [log, '1'.repeat(30), 'x'],
    [log, '1', 'x', 'y'],
    [log, ['1'], 'x'],
  ].map(written),
])('%j is no cursor', (garbage) => {
  expect(cursorIn(garbage)).toBeUndefined();
});
