import { describe, expect, it } from '@jest/globals';
import { SignIns } from '../../src/application/sign-ins.js';

const start = Date.parse('2026-01-31T12:00:00.000Z');
const minute = 60_000;

/** Sign-ins of users whose records are as the test says, and who are looked up by counting. */
class Timed {
  time = start;
  lookUps = 0;
  /** The time of the last recorded sign-in, and how many there were. */
  record: { last_login: string | null; sign_ins: number } | undefined = { last_login: null, sign_ins: 0 };
  readonly signIns: SignIns;

  constructor(most?: number) {
    const of = () => {
      this.lookUps += 1;
      return this.record;
    };
    this.signIns = new SignIns({ of }, () => this.time, most);
  }

  due(id = 'bob'): number | undefined {
    return this.signIns.due({ id, account: 'acme' });
  }
  recordNow(): void {
    this.record = {
      last_login: new Date(this.time).toISOString(),
      sign_ins: (this.record?.sign_ins ?? 0) + 1,
    };
  }
}

describe('A sign-in', () => {
  it('X74: is recorded when it is the first', () => {
    expect(new Timed().due()).toBe(0);
  });

  it('is recorded an hour after the last one that was, and not before', () => {
    const timed = new Timed();
    timed.recordNow();
    expect(timed.due()).toBeUndefined();
    timed.time = start + 60 * minute - 1;
    expect(timed.due()).toBeUndefined();
    timed.time = start + 60 * minute;
    expect(timed.due()).toBe(1);
  });

  it('C7: is recorded when the last one was by a clock that was ahead, and from then on as ever', () => {
    const timed = new Timed();
    timed.time = start + 1_000_000 * minute;
    timed.recordNow();
    expect(timed.due()).toBeUndefined();
    timed.time = start;
    expect(timed.due()).toBe(1);
    timed.recordNow();
    timed.time = start + minute;
    expect(timed.due()).toBeUndefined();
    timed.time = start + 60 * minute;
    expect(timed.due()).toBe(2);
  });

  it('is one of a burst, of which one alone is recorded', () => {
    const timed = new Timed();
    expect([timed.due(), timed.due(), timed.due()]).toEqual([0, undefined, undefined]);
  });

  it('that could not be recorded leaves it to one that comes a minute later', () => {
    const timed = new Timed();
    timed.due();
    timed.time += minute - 1;
    expect(timed.due()).toBeUndefined();
    timed.time += 1;
    expect([timed.due(), timed.due()]).toEqual([0, undefined]);
  });

  it('is looked up once an hour, and once more after it was recorded', () => {
    const timed = new Timed();
    timed.due();
    timed.recordNow();
    for (timed.time += minute; timed.time < start + 60 * minute; timed.time += 1000) timed.due();
    expect(timed.lookUps).toBe(2);
    expect([timed.due(), timed.lookUps]).toEqual([1, 3]);
  });

  it('of one user is nothing to another', () => {
    const timed = new Timed();
    expect([timed.due('bob'), timed.due('ann')]).toEqual([0, 0]);
  });

  it('of a user who is gone is not recorded', () => {
    const timed = new Timed();
    timed.record = undefined;
    expect(timed.due()).toBeUndefined();
  });
});

it('Users who sign in take a bounded memory: the oldest are looked up again', () => {
  const timed = new Timed(10);
  for (let user = 0; user < 12; user += 1) timed.due(`user-${user}`);
  expect(timed.signIns.size).toBe(10);
  expect([timed.due('user-11'), timed.due('user-0')]).toEqual([undefined, 0]);
});
