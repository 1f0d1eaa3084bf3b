import { describe, expect, it, test } from '@jest/globals';
import { externalIdRule, freeTextRule, nameRule } from '../../src/domain/text.js';

const isName = (text: string) => nameRule.isKeptBy(text);
const isFreeText = (text: string) => freeTextRule.isKeptBy(text);
const isExternalId = (text: string) => externalIdRule.isKeptBy(text);
const chars = (...codes: number[]) => codes.map((code) => String.fromCodePoint(code));

/** Nothing of these is seen, and nothing after them is moved. */
const unseen = chars(
  ...[
    0x20, 0xa0, 0x1680, 0x2003, 0x3000, 0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200c,
  ],
  ...[0x200d, 0x2060, 0x2064, 0x2800, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffc, 0xffff, 0x301, 0x13441],
  ...[0x1d159, 0x1d173, 0xe0001, 0xe0020, 0xe0100],
);
/** What ends a line, is taken for a command by a terminal, or turns the direction of what follows. */
const steering = chars(
  ...[0x00, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0x2028, 0x2029],
  ...[0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
);

describe('X84: a name', () => {
  test.each([
    ...[
      'Jane',
      ' Zoë & Co ',
      "O'Neil",
      '李',
      '山田 太郎',
      'علی‌رضا',
      'נועה',
      'नमस्ते',
      'กรุงเทพ',
      '한글',
      '42',
      '…',
      '-',
    ],
    ...['👩‍👩‍👧', '☕️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '\ue000', '\u{1fae9}', 'A\u0301', 'soft\u00adhyphen', 'zero\u200bwidth'],
  ])('may be %s', (name) => expect(isName(name)).toBe(true));

  it('has one visible character at least', () => {
    expect(['', ...unseen, unseen.join('')].filter(isName)).toEqual([]);
    expect(unseen.filter((one) => !isName(`${one}a`))).toEqual([]);
  });

  it('has no breaks of lines or paragraphs and nothing that steers a terminal, wherever it would stand', () => {
    expect(steering.flatMap((one) => [one, `a${one}b`, `${one}a`, `a${one}`]).filter(isName)).toEqual([]);
    expect(['\ud800', 'a\udc00b', '\udc00\ud800'].filter(isName)).toEqual([]);
  });

  it('has up to 255 code points', () => {
    expect(['x', '😀'].map((one) => isName(one.repeat(255)))).toEqual([true, true]);
    expect(['x', '😀'].map((one) => isName(one.repeat(256)))).toEqual([false, false]);
    expect(isName('x'.repeat(10_000_000))).toBe(false);
  });
});

describe('X84: free text', () => {
  it('may be empty, and of many lines', () =>
    expect(['', ' ', 'one\r\ntwo\n\tthree', '\u2028', 'עברית \u200fx', '\u200b'].every(isFreeText)).toBe(
      true,
    ));
  it('has no controls', () => {
    const controls = chars(0x00, 0x08, 0x0b, 0x0c, 0x1b, 0x7f, 0x80, 0x85, 0x9b);
    expect([...controls, '\ud800'].filter((one) => isFreeText(`a${one}`))).toEqual([]);
  });
  it('has up to 4,000 code points', () =>
    expect([4000, 4001].map((length) => isFreeText('😀'.repeat(length)))).toEqual([true, false]));
});

describe('X85: an external id', () => {
  test.each(['hr-17', 'HR 17', 'a', 'ä/ö#1', '工号-7', '😀', 'a\u0301', '"'])('may be %s', (id) =>
    expect(isExternalId(id)).toBe(true),
  );
  it('is not blank, and neither begins nor ends with a blank', () => {
    const edges = [...unseen.slice(0, 5), '\t', '\n'].flatMap((one) => [one, `hr-17${one}`, `${one}hr-17`]);
    expect(['', '  ', ...edges].filter(isExternalId)).toEqual([]);
  });
  it('is printable', () => {
    const marks = new Set(['\u0301', ' ']);
    const all = [...unseen.filter((one) => !marks.has(one)), ...steering, '\ue000', '\u0378', '\ud800'];
    expect(all.filter((one) => isExternalId(`a${one}b`))).toEqual([]);
  });
  it('has up to 255 code points', () =>
    expect([255, 256].map((length) => isExternalId('😀'.repeat(length)))).toEqual([true, false]));
});
