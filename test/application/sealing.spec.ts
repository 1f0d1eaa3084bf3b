import { expect, test } from '@jest/globals';
import { NotOpened, Sealing } from '../../src/application/sealing.js';

const [one, other] = ['a'.repeat(32), 'b'.repeat(32)];

test('what was sealed opens for the same purpose alone', () => {
  const sealing = new Sealing(one);
  const sealed = sealing.seal('Bearer ⌘', 'webhook w');
  expect(sealed).not.toContain('Bearer');
  expect(sealing.open(sealed, 'webhook w')).toBe('Bearer ⌘');
  expect(() => sealing.open(sealed, 'webhook x')).toThrow(NotOpened);
});

test('the same text is sealed as another one each time', () => {
  const sealing = new Sealing(one);
  expect(sealing.seal('x', 'p')).not.toBe(sealing.seal('x', 'p'));
});

test.each(['', '1', '1.x.y', 'x'])('the text %j is not opened', (sealed) =>
  expect(() => new Sealing(one).open(sealed, 'p')).toThrow(NotOpened),
);

test('a changed character is noticed, wherever it stands', () => {
  const sealing = new Sealing(one);
  const sealed = sealing.seal('secret', 'p');
  const [start = '', id = '', text = ''] = sealed.split('.');
  for (let at = 0; at < text.length - 1; at += 1) {
    const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    expect(() => sealing.open([start, id, changed].join('.'), 'p')).toThrow(NotOpened);
  }
});

test('another secret does not open it, unless the first one is its former one', () => {
  const sealed = new Sealing(one).seal('secret', 'p');
  expect(() => new Sealing(other).open(sealed, 'p')).toThrow(NotOpened);
  const both = new Sealing(other, one);
  expect(both.open(sealed, 'p')).toBe('secret');
  expect([both.secretOf(sealed), both.secretOf(both.seal('x', 'p'))]).toEqual(['former', 'own']);
  expect(new Sealing(other).secretOf(sealed)).toBe('unknown');
});
