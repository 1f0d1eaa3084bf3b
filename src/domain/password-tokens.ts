import type { Directory } from './directory.js';
import type { JournaledMap } from './journaled-map.js';
import { type Event, Message } from './message.js';
import { Rejection } from './rejection.js';
import { isLocked, type UserUnlocked } from './sign-in.js';
import type { UserPasswordSet } from './user.js';

/** How many tokens of a user are kept; a further one ends the oldest. */
export const MOST_PASSWORD_TOKENS = 10;

/** The user sets a new password by a token; times are ISO 8601 in UTC with milliseconds. */
export class ResetPassword extends Message<{
  readonly user_id: string;
  readonly token_hash: string;
  readonly password_hash: string;
  readonly now: string;
}> {
  readonly type = 'ResetPassword';
}

/** Who has the token may set the user's password, until then or until it ends before. */
export type PasswordTokenIssued = Event<
  'PasswordTokenIssued',
  { user_id: string; token_hash: string; expires: string }
>;

export interface PasswordToken {
  readonly token_hash: string;
  readonly expires: string;
}

/** The tokens of each user, oldest first. A new password and a new e-mail address end all of the user's. */
export type PasswordTokens = JournaledMap<readonly PasswordToken[]>;

/** @throws Rejection invalid_token */
export function decidePasswordReset(
  { data }: ResetPassword,
  self: Pick<PasswordTokens, 'get'>,
  directory: Directory,
): (UserPasswordSet | UserUnlocked)[] {
  const { user_id, token_hash, password_hash, now } = data;
  const user = directory.user(user_id);
  const token = self.get(user_id)?.find((one) => one.token_hash === token_hash);
  if (!user || !token || token.expires <= now) throw new Rejection('invalid_token');
  const events: (UserPasswordSet | UserUnlocked)[] = [
    { type: 'UserPasswordSet', data: { user_id, password_hash } },
  ];
  if (isLocked(user, now)) events.push({ type: 'UserUnlocked', data: { user_id } });
  return events;
}

/** Applies an event in place. */
export function evolvePasswordTokens(self: PasswordTokens, { data }: PasswordTokenIssued): void {
  const { user_id, ...token } = data;
  self.set(user_id, [...(self.get(user_id) ?? []), token].slice(-MOST_PASSWORD_TOKENS));
}
