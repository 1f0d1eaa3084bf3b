import type { Directory } from './directory.js';
import { type Event, Message } from './message.js';
import { Rejection } from './rejection.js';

/**
 * The user has signed in with a password.
 * `sign_ins` is how many are known to be recorded: of several who notice the same sign-in one records it.
 */
export class RecordSignIn extends Message<{ readonly user_id: string; readonly sign_ins: number }> {
  readonly type = 'RecordSignIn';
}

/** Keeps the user's password from signing in until then; times are ISO 8601 in UTC with milliseconds. */
export class LockUser extends Message<{
  readonly user_id: string;
  readonly until: string;
  readonly now: string;
}> {
  readonly type = 'LockUser';
}

/** Ends a lock before its time. */
export class UnlockUser extends Message<{ readonly user_id: string; readonly now: string }> {
  readonly type = 'UnlockUser';
}

export type SignInCommand = RecordSignIn | LockUser | UnlockUser;

/** When it was is the time of the event. */
export type UserSignedIn = Event<'UserSignedIn', { user_id: string }>;
/** The lock ends by itself: there is no event for that. */
export type UserLocked = Event<'UserLocked', { user_id: string; until: string }>;
export type UserUnlocked = Event<'UserUnlocked', { user_id: string }>;

export type SignInEvent = UserSignedIn | UserLocked | UserUnlocked;

/** The part of a user that signing in is about. */
export interface SignInFacts {
  /** How many sign-ins were recorded. */
  readonly sign_ins: number;
  /** When the lock ends or has ended, null when there is none. */
  readonly locked_until: string | null;
}

export const neverSignedIn: SignInFacts = { sign_ins: 0, locked_until: null };

/** @param now ISO 8601 in UTC with milliseconds, like all times here */
export function isLocked({ locked_until }: Pick<SignInFacts, 'locked_until'>, now: string): boolean {
  return locked_until !== null && now < locked_until;
}

/** @throws Rejection user_not_found, permission_escalation */
export function decideSignIn(
  command: SignInCommand,
  self: SignInFacts | undefined,
  directory: Directory,
): SignInEvent[] {
  if (!self) throw new Rejection('user_not_found');
  const { user_id } = command.data;
  switch (command.type) {
    case 'RecordSignIn':
      if (command.data.sign_ins !== self.sign_ins) return [];
      return [{ type: 'UserSignedIn', data: { user_id } }];
    case 'LockUser': {
      const { until, now } = command.data;
      if (isLocked(self, now) || until <= now) return [];
      return [{ type: 'UserLocked', data: { user_id, until } }];
    }
    case 'UnlockUser':
      // Whoever could end the locks of a stronger user could go on guessing that user's password.
      directory.requireNoStronger(user_id);
      if (!isLocked(self, command.data.now)) return [];
      return [{ type: 'UserUnlocked', data: { user_id } }];
  }
}

export function evolveSignIn<Self extends SignInFacts>(self: Self, event: SignInEvent): Self {
  switch (event.type) {
    case 'UserSignedIn':
      return { ...self, sign_ins: self.sign_ins + 1 };
    case 'UserLocked':
      return { ...self, locked_until: event.data.until };
    case 'UserUnlocked':
      return { ...self, locked_until: null };
  }
}
