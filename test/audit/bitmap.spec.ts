import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bitmap, BLOCK, encodeOffsets } from '../../src/audit/index/bitmap.js';

const offset = fc.integer({ min: 0, max: BLOCK - 1 });
/** Few, many, and runs of them. */
const offsets = fc
  .oneof(
    fc.array(offset, { maxLength: 20 }),
    fc.array(offset, { minLength: 200, maxLength: 1000, size: 'max' }),
    fc
      .tuple(offset, offset)
      .map(([from, to]) => Array.from({ length: Math.abs(to - from) }, (_, at) => Math.min(from, to) + at)),
  )
  .map((all) => new Set(all));
const sorted = (set: Iterable<number>) => [...set].sort((one, other) => one - other);

describe('a bitmap', () => {
  test('is what a set of the same offsets is', () => {
    fc.assert(
      fc.property(offsets, offset, (set, at) => {
        const bitmap = Bitmap.of(set);
        expect([...bitmap]).toEqual(sorted(set));
        expect(bitmap.count()).toBe(set.size);
        expect(bitmap.isEmpty).toBe(set.size === 0);
        expect(bitmap.has(at)).toBe(set.has(at));
        expect(bitmap.next(at)).toBe(sorted(set).find((one) => one >= at) ?? -1);
        expect(bitmap.previous(at)).toBe(sorted(set).findLast((one) => one <= at) ?? -1);
      }),
    );
  });

  test('is combined as sets are', () => {
    fc.assert(
      fc.property(offsets, offsets, (one, other) => {
        const combined = (how: 'and' | 'or' | 'andNot') => [...Bitmap.of(one)[how](Bitmap.of(other))];
        expect(combined('and')).toEqual(sorted([...one].filter((at) => other.has(at))));
        expect(combined('or')).toEqual(sorted(new Set([...one, ...other])));
        expect(combined('andNot')).toEqual(sorted([...one].filter((at) => !other.has(at))));
      }),
    );
  });

  test('is read back from its bytes, of which there are 512 at most', () => {
    fc.assert(
      fc.property(offsets, (set) => {
        const bytes = Bitmap.of(set).encode();
        expect(bytes.length).toBe(Math.min(set.size * 2, 512));
        expect(encodeOffsets(Uint16Array.from(sorted(set)))).toEqual(bytes);
        expect([...Bitmap.decode(bytes)]).toEqual(sorted(set));
      }),
    );
  });

  test('has the offsets of a range, also where that goes beyond the block', () => {
    const bound = fc.integer({ min: -BLOCK, max: 2 * BLOCK });
    fc.assert(
      fc.property(bound, bound, (from, to) => {
        const expected = Array.from({ length: BLOCK }, (_, at) => at).filter((at) => at >= from && at <= to);
        expect([...Bitmap.range(from, to)]).toEqual(expected);
      }),
    );
  });
});
