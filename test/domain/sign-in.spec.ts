import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { isLocked, neverSignedIn, LockUser, RecordSignIn, UnlockUser } from '../../src/domain/sign-in.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  inRole,
  locked,
  managerMax,
  operator,
  signedIn,
  stateOf,
  system,
  unlocked,
  user,
} from '../support/domain.js';
import { unlimited } from '../../src/domain/authority.js';

const [noon, quarterPast, one] = ['12:00', '12:15', '13:00'].map((time) => `2026-01-31T${time}:00.000Z`) as [
  string,
  string,
  string,
];
const world = [...company, ...managerMax, user('bob')];

describe('RecordSignIn', () => {
  const record = (sign_ins: number, meta = as('bob')) =>
    new RecordSignIn(ACME, { user_id: 'bob', sign_ins }, meta);

  it('records the sign-in of the user who asks for it, whatever that user may do', () =>
    given(world).when(record(0)).then(signedIn('bob')));
  it('records the next one', () => given(world, signedIn('bob')).when(record(1)).then(signedIn('bob')));
  it('records nothing when another one was recorded that the sender did not know of', () =>
    given(world, signedIn('bob')).when(record(0)).nothing());
  it('counts the sign-ins of each user', () =>
    given(world, signedIn('ann')).when(record(0)).then(signedIn('bob')));
  it('goes on while the user is locked: what is noticed is decided elsewhere', () =>
    given(world, locked('bob', one)).when(record(0)).then(signedIn('bob')));
  it('is denied to everybody else, an admin too', () => {
    given(world)
      .when(record(0, as('ann')))
      .rejects('access_denied');
    given(world)
      .when(record(0, as('max')))
      .rejects('access_denied');
  });
  it('is denied to a user of that id in another account', () =>
    given(world)
      .when(record(0, as('bob', 'globex')), unlimited)
      .rejects('access_denied'));
  it('refuses a user who is gone', () =>
    given(company, managerMax).when(record(0)).rejects('user_not_found'));
});

describe('C7: a lock of a clock that was ahead', () => {
  const inAYear = '2027-01-31T12:15:00.000Z';

  it('does not hold before it was recorded, so it lasts no longer than it was meant to', () => {
    const lock = { locked_until: one, locked_since: quarterPast };
    const later = '2026-01-31T12:59:59.999Z';
    expect([noon, quarterPast, later, one].map((now) => isLocked(lock, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
  it('does not keep the user from being locked', () => {
    const lock = new LockUser(ACME, { user_id: 'bob', until: quarterPast, now: noon }, system);
    given(world, locked('bob', inAYear)).when(lock).then(locked('bob', quarterPast));
  });
});

describe('LockUser', () => {
  const lock = (now: string, until: string, meta = system) =>
    new LockUser(ACME, { user_id: 'bob', until, now }, meta);

  it('locks the user until then', () =>
    given(world).when(lock(noon, quarterPast)).then(locked('bob', quarterPast)));
  it('locks anew when the lock before has ended', () =>
    given(world, locked('bob', quarterPast)).when(lock(quarterPast, one)).then(locked('bob', one)));
  it('does not make a lock longer', () =>
    given(world, locked('bob', quarterPast)).when(lock(noon, one)).nothing());
  it('says nothing of a lock that would be over already', () =>
    given(world).when(lock(noon, noon)).nothing());
  it('is for the service, not for users', () =>
    given(world)
      .when(lock(noon, one, as('ann')))
      .rejects('access_denied'));
  it('locks the last admin as well: keys go on', () =>
    given(company)
      .when(new LockUser(ACME, { user_id: 'ann', until: one, now: noon }, system))
      .then(locked('ann', one)));
  it('refuses a user who is gone', () => given(company).when(lock(noon, one)).rejects('user_not_found'));
});

describe('UnlockUser', () => {
  const unlock = (now = noon, meta = as('ann')) => new UnlockUser(ACME, { user_id: 'bob', now }, meta);
  const lockedBob = given(world, locked('bob', quarterPast));

  it('ends the lock', () => lockedBob.when(unlock()).then(unlocked('bob')));
  it('says nothing of a lock that has ended by itself', () => lockedBob.when(unlock(quarterPast)).nothing());
  it('changes nothing when there is no lock', () => given(world).when(unlock()).nothing());
  it('said again changes nothing', () =>
    given(world, locked('bob', one), unlocked('bob')).when(unlock()).nothing());
  it('is open to whoever manages users', () => lockedBob.when(unlock(noon, as('max'))).then(unlocked('bob')));
  it('is open to the operator', () => lockedBob.when(unlock(noon, operator)).then(unlocked('bob')));
  it('is denied to others, oneself included', () =>
    lockedBob.when(unlock(noon, as('bob'))).rejects('access_denied'));
  it('X57: is refused for a stronger user, who could be guessed at without an end', () =>
    given(world, inRole('bob', adminRole.id), locked('bob', one))
      .when(unlock(noon, as('max')))
      .rejects('permission_escalation'));
  it('X55: reaches into a client account', () =>
    given(client(), user('bob'), locked('bob', one)).when(unlock(), unlimited).then(unlocked('bob')));
  it('refuses a user who is gone', () => given(company).when(unlock()).rejects('user_not_found'));
});

describe('A lock', () => {
  const bob = (...events: DomainEvent[]) => {
    const found = stateOf(world, ...events).signIns.get('bob');
    return found ?? neverSignedIn;
  };

  it('ends at its time', () => {
    expect(isLocked(bob(locked('bob', quarterPast)), noon)).toBe(true);
    expect(isLocked(bob(locked('bob', quarterPast)), quarterPast)).toBe(false);
  });
  it('is none before the first and after it was ended', () => {
    expect(isLocked(bob(), noon)).toBe(false);
    expect(isLocked(bob(locked('bob', one), unlocked('bob')), noon)).toBe(false);
  });
  it('ends with the user: a new user of that id has none and has never signed in', () => {
    const gone = { type: 'UserDeleted', data: { user_id: 'bob' } } as const;
    expect(bob(locked('bob', one), signedIn('bob'), gone, user('bob'))).toMatchObject({
      ...{ locked_until: null, sign_ins: 0 },
    });
  });
});
