import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, moment, text } from './shape.js';
import type { UserUnlocked } from './sign-in.js';

/** How many tokens of a user are kept; a further one ends the oldest. */
export const MOST_PASSWORD_TOKENS = 10;

/** The user sets a new password by a token; times are ISO 8601 in UTC with milliseconds. */
export class ResetPassword extends AccountCommand<{
  readonly user_id: string;
  readonly token_hash: string;
  readonly password_hash: string;
  readonly now: string;
}> {
  readonly type = 'ResetPassword';
}

/** The holder of the token may set the user's password until it expires or ends earlier. */
export type PasswordTokenIssued = Event<
  'PasswordTokenIssued',
  { user_id: string; token_hash: string; expires: string }
>;

export type UserPasswordSet = Event<'UserPasswordSet', { user_id: string; password_hash: string }>;

export type PasswordEvent = PasswordTokenIssued | UserPasswordSet;

export interface PasswordToken {
  readonly token_hash: string;
  readonly expires: string;
}

/** The tokens of each user, oldest first. A new password and a new e-mail address end all of the user's. */
export type PasswordTokens = JournaledMap<readonly PasswordToken[]>;

/** @throws Rejection invalid_token */
function decide(
  { data }: ResetPassword,
  self: PasswordTokens,
  questions: Questions,
): (UserPasswordSet | UserUnlocked)[] {
  const { user_id, token_hash, password_hash, now } = data;
  const token = self.get(user_id)?.find((one) => one.token_hash === token_hash);
  if (!token || token.expires <= now) throw new Rejection('invalid_token');
  const events: (UserPasswordSet | UserUnlocked)[] = [
    { type: 'UserPasswordSet', data: { user_id, password_hash } },
  ];
  if (questions.isLocked(user_id, now)) events.push({ type: 'UserUnlocked', data: { user_id } });
  return events;
}

/** Applies an event in place. */
function evolve(self: PasswordTokens, event: PasswordEvent): void {
  const { user_id } = event.data;
  if (event.type === 'UserPasswordSet') {
    self.delete(user_id);
    return;
  }
  const { token_hash, expires } = event.data;
  self.set(user_id, [...(self.get(user_id) ?? []), { token_hash, expires }].slice(-MOST_PASSWORD_TOKENS));
}

export const passwordTokens = aggregate<ResetPassword, PasswordEvent>()({
  state: (journal) => ({ passwordTokens: new JournaledMap<readonly PasswordToken[]>(journal) }),
  commands: { ResetPassword: { class: ResetPassword, needs: 'self', admit: noTexts } },
  events: {
    PasswordTokenIssued: {
      ...told('credential', 'made a password token for {user}', {
        user_id: id,
        token_hash: text,
        expires: moment,
      }),
      secret: ['token_hash'],
    },
    UserPasswordSet: {
      ...told('credential', 'set the password of {user}', { user_id: id, password_hash: text }),
      secret: ['password_hash'],
    },
  },
  decide: (command, { passwordTokens }, questions) => decide(command, passwordTokens, questions),
  evolve: ({ passwordTokens }, { event }) => evolve(passwordTokens, event),
  follow: {
    UserEmailChanged: ({ passwordTokens }, { user_id }) => passwordTokens.delete(user_id),
    UserDeleted: ({ passwordTokens }, { user_id }) => passwordTokens.delete(user_id),
  },
});
