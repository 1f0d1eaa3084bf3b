import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rangeOf, termsOfWord, wordsOf } from '../../src/audit/index/words.js';

test('words are without case and accents, each once', () => {
  expect(wordsOf('Ångström added JOSÉ to "Café (Zürich) 2"; josé, İstanbul')).toEqual([
    'angstrom',
    'added',
    'jose',
    'to',
    'cafe',
    'zurich',
    '2',
    'istanbul',
  ]);
  expect(wordsOf('Jose\u0301 ﬁn Ωmega 株式会社')).toEqual(['jose', 'fin', 'ωmega', '株式会社']);
  expect(wordsOf(' – "" ')).toEqual([]);
});

test('a word is found by all of its beginnings and by nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '𝒳', '1'), minLength: 1, maxLength: 26 });
  fc.assert(
    fc.property(word, word, (one, beginning) => {
      const { from, before } = rangeOf(beginning);
      const bytes = (text: string) => Buffer.from(text);
      const isIn = (term: string) =>
        before === undefined
          ? term === from
          : Buffer.compare(bytes(term), bytes(from)) >= 0 && Buffer.compare(bytes(term), bytes(before)) < 0;
      expect(termsOfWord(one).some(isIn)).toBe(one.startsWith(beginning));
    }),
    { numRuns: 2000 },
  );
});
