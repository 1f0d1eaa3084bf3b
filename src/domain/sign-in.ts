import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, moment } from './shape.js';

/**
 * The user has signed in with a password.
 * `sign_ins` is the number of sign-ins that the sender knows of. So of several instances one records a sign-in.
 */
export class RecordSignIn extends AccountCommand<{ readonly user_id: string; readonly sign_ins: number }> {
  readonly type = 'RecordSignIn';
}

/** Keeps the user's password from signing in until then; times are ISO 8601 in UTC with milliseconds. */
export class LockUser extends AccountCommand<{
  readonly user_id: string;
  readonly until: string;
  readonly now: string;
}> {
  readonly type = 'LockUser';
}

/** Ends a lock before its time. */
export class UnlockUser extends AccountCommand<{ readonly user_id: string; readonly now: string }> {
  readonly type = 'UnlockUser';
}

export type SignInCommand = RecordSignIn | LockUser | UnlockUser;

/** When it was is the time of the event. */
export type UserSignedIn = Event<'UserSignedIn', { user_id: string }>;
/** The lock ends by itself: there is no event for that. */
export type UserLocked = Event<'UserLocked', { user_id: string; until: string }>;
export type UserUnlocked = Event<'UserUnlocked', { user_id: string }>;

export type SignInEvent = UserSignedIn | UserLocked | UserUnlocked;

/** What is known of how a user signs in. */
export interface SignInFacts {
  /** How many sign-ins were recorded. */
  readonly sign_ins: number;
  /** When the lock ends or has ended, null when there is none. */
  readonly locked_until: string | null;
}

/** A lock as it was recorded; times are ISO 8601 in UTC with milliseconds. */
export interface Lock {
  readonly locked_until: string | null;
  /** When it was recorded, by the clock of that instance; absent when it is not known. */
  readonly locked_since?: string | null;
}

/** How far the clocks of instances that lock a user at the same time may differ. */
const SKEW_MS = 10_000;

export const neverSignedIn: SignInFacts = { sign_ins: 0, locked_until: null };

/**
 * Whether a lock holds. A lock that begins in the future was recorded by a clock that was ahead. It does not hold, because
 * a lock must not last longer than its own length.
 */
export function isLocked({ locked_until, locked_since = null }: Lock, now: string): boolean {
  return locked_until !== null && now < locked_until && (locked_since ?? now) <= now;
}

/** Whether a user is locked already, at least for as long as a lock that is asked for now. */
function isLockedEnough(self: Lock, until: string, now: string): boolean {
  if (self.locked_until === null || !isLocked(self, now)) return false;
  return Date.parse(self.locked_until) <= Date.parse(until) + SKEW_MS;
}

/** @throws Rejection user_not_found, permission_escalation */
function decide(command: SignInCommand, self: SignInFacts, questions: Questions): SignInEvent[] {
  const { user_id } = command.data;
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  switch (command.type) {
    case 'RecordSignIn':
      if (command.data.sign_ins !== self.sign_ins) return [];
      return [{ type: 'UserSignedIn', data: { user_id } }];
    case 'LockUser': {
      const { until, now } = command.data;
      if (isLockedEnough(self, until, now) || until <= now) return [];
      return [{ type: 'UserLocked', data: { user_id, until } }];
    }
    case 'UnlockUser':
      // A caller that ends the locks of a stronger user could go on guessing that user's password.
      questions.requireNoStronger(user_id);
      if (!isLocked(self, command.data.now)) return [];
      return [{ type: 'UserUnlocked', data: { user_id } }];
  }
}

function evolve(self: SignInFacts, event: SignInEvent): SignInFacts {
  switch (event.type) {
    case 'UserSignedIn':
      return { ...self, sign_ins: self.sign_ins + 1 };
    case 'UserLocked':
      return { ...self, locked_until: event.data.until };
    case 'UserUnlocked':
      return { ...self, locked_until: null };
  }
}

export const signIn = aggregate<SignInCommand, SignInEvent>()({
  /** By user; a user who never signed in and was never locked has no entry. */
  state: (journal) => ({ signIns: new JournaledMap<SignInFacts>(journal) }),
  commands: {
    RecordSignIn: { class: RecordSignIn, needs: 'self', admit: noTexts },
    LockUser: { class: LockUser, needs: 'service', admit: noTexts },
    UnlockUser: { class: UnlockUser, needs: 'user.manage', admit: noTexts },
  },
  events: {
    UserSignedIn: told('sign_in', 'signed in', { user_id: id }),
    UserLocked: told('sign_in', 'locked {user} until {until}', { user_id: id, until: moment }),
    UserUnlocked: told('sign_in', 'ended the lock of {user}', { user_id: id }),
  },
  decide: (command, { signIns }, questions) =>
    decide(command, signIns.get(command.data.user_id) ?? neverSignedIn, questions),
  evolve: ({ signIns }, { event }) => {
    const { user_id } = event.data;
    signIns.set(user_id, evolve(signIns.get(user_id) ?? neverSignedIn, event));
  },
  follow: { UserDeleted: ({ signIns }, { user_id }) => signIns.delete(user_id) },
});
