import { describe, expect, it } from '@jest/globals';
import { TokenBuckets } from '../../../src/http/door/token-buckets.js';

/** Buckets whose clock stands still until it is moved. */
class Timed {
  private time = 1_000_000;
  readonly buckets: TokenBuckets;

  constructor(rate: number) {
    this.buckets = new TokenBuckets(rate, () => this.time);
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
  take(count: number, key = 'acme'): boolean[] {
    return Array.from({ length: count }, () => this.buckets.take(key).isWithin);
  }
}

describe('A token bucket', () => {
  it('T010: lets through what one second brings, and not one more', () => {
    const timed = new Timed(5);
    expect(timed.take(7)).toEqual([true, true, true, true, true, false, false]);
  });

  it('fills evenly, and never beyond its burst', () => {
    const timed = new Timed(5);
    timed.take(5);
    timed.pass(199);
    expect(timed.take(1)).toEqual([false]);
    timed.pass(1);
    expect(timed.take(2)).toEqual([true, false]);
    timed.pass(3_600_000);
    timed.take(1);
    timed.pass(900);
    expect(timed.take(6)).toEqual([true, true, true, true, true, false]);
  });

  it('is one a key', () => {
    const timed = new Timed(1);
    expect([timed.take(2, 'acme'), timed.take(2, 'globex')]).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('tells what is left, when there will be more and when it will be full', () => {
    const { buckets } = new Timed(4);
    expect(buckets.take('acme')).toEqual({ isWithin: true, remaining: 3, fullIn: 0.25, nextIn: 0 });
    for (let count = 0; count < 3; count += 1) buckets.take('acme');
    expect(buckets.take('acme')).toEqual({ isWithin: false, remaining: 0, fullIn: 1, nextIn: 0.25 });
  });

  it('holds at least one token when the rate is below one a second', () => {
    const timed = new Timed(0.1);
    expect(timed.take(2)).toEqual([true, false]);
    expect(timed.buckets.take('acme')).toMatchObject({ nextIn: 10, fullIn: 10 });
    timed.pass(10_000);
    expect(timed.take(2)).toEqual([true, false]);
  });

  it('loses nothing when the clock is set back', () => {
    const timed = new Timed(2);
    timed.take(1);
    timed.pass(-60_000);
    expect(timed.take(2)).toEqual([true, false]);
  });

  it('is forgotten when it must be full again, so that their number does not grow', () => {
    const timed = new Timed(2);
    for (let key = 0; key < 1000; key += 1) {
      timed.take(1, `key-${key}`);
      timed.pass(10);
    }
    expect(timed.buckets.size).toBeLessThan(110);
    timed.pass(1000);
    timed.take(1);
    expect(timed.buckets.size).toBe(1);
  });
});
