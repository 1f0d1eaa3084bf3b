import { describe, expect, it } from '@jest/globals';
import { SlowReader } from '../../../src/http/door/slow-reader.js';

const MIB = 1024 * 1024;

/** Looks once a second at a reader that has taken so many bytes by then. @returns the second in which it was given up */
function givenUp(
  taken: (second: number) => number,
  written: (second: number) => number,
  isWaiting: (second: number) => boolean = () => true,
): number | undefined {
  const reader = new SlowReader();
  for (let second = 0; second <= 120; second += 1) {
    const sight = {
      now: second * 1000,
      isWaiting: isWaiting(second),
      taken: taken(second),
      written: written(second),
    };
    if (reader.isHopeless(sight)) return second;
  }
  return undefined;
}

describe('A reader of a stream', () => {
  it('that takes nothing for 30 seconds is given up, from when it took something last', () => {
    expect(
      givenUp(
        () => 0,
        () => 0,
      ),
    ).toBe(30);
    expect(
      givenUp(
        (second) => Math.min(second, 7),
        () => 0,
      ),
    ).toBe(37);
  });

  it('that takes nothing is given up at once when 1 MiB has come meanwhile', () => {
    const burst = (second: number) => (second < 5 ? 0 : MIB);
    expect(givenUp((second) => Math.min(second, 4), burst)).toBe(5);
    expect(
      givenUp(
        () => 0,
        (second) => second * (MIB / 10),
      ),
    ).toBe(10);
    expect(
      givenUp(
        () => 0,
        () => MIB * 50,
      ),
    ).toBe(30);
  });

  it('that takes a little at a time is kept, and so is one that has nothing to take', () => {
    expect(
      givenUp(
        (second) => second,
        (second) => second * MIB,
      ),
    ).toBeUndefined();
    expect(
      givenUp(
        (second) => Math.floor(second / 29),
        (second) => second,
      ),
    ).toBeUndefined();
    expect(
      givenUp(
        () => 0,
        () => 0,
        () => false,
      ),
    ).toBeUndefined();
    expect(
      givenUp(
        () => 0,
        (second) => second * MIB,
        () => false,
      ),
    ).toBeUndefined();
  });
});
