import { describe, expect, it } from '@jest/globals';
import { FailedSignIns } from '../../src/application/failed-sign-ins.js';

/** Three failures are too many, and each is remembered for 15 minutes. */
class Timed {
  private time = 1_000_000;
  readonly failures: FailedSignIns;

  constructor({ after = 3, most = 1000 } = {}) {
    this.failures = new FailedSignIns(after, 15, () => this.time, most);
  }

  minutes(count: number): void {
    this.time += count * 60_000;
  }
  count(times: number, user = 'bob', source = '192.0.2.1'): boolean[] {
    return Array.from({ length: times }, () => this.failures.count(user, source));
  }
}

describe('Failed sign-ins', () => {
  it('are too many from the last that is allowed on, until they are forgotten', () => {
    const timed = new Timed();
    expect(timed.count(4)).toEqual([false, false, true, true]);
    timed.failures.forget('bob', '192.0.2.1');
    expect(timed.count(3)).toEqual([false, false, true]);
  });

  it('C7: of a time that the clock has gone back from are forgotten', () => {
    const timed = new Timed();
    timed.count(2);
    timed.minutes(-10);
    expect(timed.count(3)).toEqual([false, false, true]);
  });

  it('are counted for each user and each source', () => {
    const timed = new Timed();
    timed.count(2);
    expect(timed.count(2, 'ann')).toEqual([false, false]);
    expect(timed.count(2, 'bob', '192.0.2.2')).toEqual([false, false]);
    expect(timed.count(1)).toEqual([true]);
  });

  it('with the passwords of others of the address count from the second one on, each once', () => {
    const timed = new Timed();
    const others = (...hashes: string[]) =>
      hashes.map((hash) => timed.failures.count('bob', '192.0.2.1', hash));
    expect(others('a', 'a', 'a', 'b', 'a', 'b', 'b', 'c')).toEqual(Array<boolean>(8).fill(false));
    expect(timed.count(1)).toEqual([true]);
    expect(others('b', 'd')).toEqual([false, true]);
    timed.failures.forget('bob', '192.0.2.1');
    expect(others('e', 'f', 'g', 'h')).toEqual([false, false, false, true]);
  });

  it('are forgotten for one user and source only', () => {
    const timed = new Timed();
    timed.count(2);
    timed.count(2, 'ann');
    timed.failures.forget('bob', '192.0.2.1');
    expect([timed.count(1), timed.count(1, 'ann')]).toEqual([[false], [true]]);
  });

  it('are forgotten when the last one was long ago', () => {
    const timed = new Timed();
    timed.count(1);
    timed.minutes(14);
    timed.count(1);
    timed.minutes(14);
    expect(timed.count(1)).toEqual([true]);
    timed.minutes(15);
    expect(timed.count(3)).toEqual([false, false, true]);
  });

  it('are never too many when there is no limit, and take no memory', () => {
    const timed = new Timed({ after: 0 });
    expect(new Set(timed.count(100))).toEqual(new Set([false]));
    expect(timed.failures.size).toBe(0);
  });

  it('of many users take a bounded memory: the oldest are forgotten first', () => {
    const timed = new Timed({ most: 10 });
    timed.count(2, 'oldest');
    for (let user = 0; user < 9; user += 1) timed.count(2, `user-${user}`);
    expect(timed.failures.size).toBe(10);
    timed.count(1, 'newest');
    expect(timed.failures.size).toBe(10);
    expect(timed.count(1, 'user-8')).toEqual([true]);
    expect(timed.count(1, 'oldest')).toEqual([false]);
  });

  it('leave nothing behind when their time is over', () => {
    const timed = new Timed();
    for (let user = 0; user < 100; user += 1) timed.count(1, `user-${user}`);
    timed.minutes(15);
    timed.count(1);
    expect(timed.failures.size).toBe(1);
  });
});
