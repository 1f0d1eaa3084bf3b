import { aggregate, plain } from './aggregate.js';
import { JournaledMap } from './journaled-map.js';
import { type Event, Message } from './message.js';
import type { Questions } from './questions.js';
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

/** What is known of how a user signs in. */
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
function decide(command: SignInCommand, self: SignInFacts, questions: Questions): SignInEvent[] {
  const { user_id } = command.data;
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
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
    RecordSignIn: { class: RecordSignIn, needs: 'self' },
    LockUser: { class: LockUser, needs: 'service' },
    UnlockUser: { class: UnlockUser, needs: 'user.manage' },
  },
  events: { UserSignedIn: plain, UserLocked: plain, UserUnlocked: plain },
  decide: (command, { signIns }, questions) =>
    decide(command, signIns.get(command.data.user_id) ?? neverSignedIn, questions),
  evolve: ({ signIns }, { event }) => {
    const { user_id } = event.data;
    signIns.set(user_id, evolve(signIns.get(user_id) ?? neverSignedIn, event));
  },
  follow: { UserDeleted: ({ signIns }, { user_id }) => signIns.delete(user_id) },
});
