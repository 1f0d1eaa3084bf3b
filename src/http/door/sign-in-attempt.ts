import { commandId } from '../../application/command-id.js';
import type { Source } from '../../audit/attempts/attempt.js';
import type { Actor, CommandMeta, Credential } from '../../domain/command.js';
import type { PasswordView } from '../../read/credentials.js';

/** Whom a user name chooses: users with an address, of one account if it names one. */
export interface SignInName {
  readonly account: string | undefined;
  readonly email: string;
}

/**
 * Reads a user name: an e-mail address, or `<account id>/<address>`.
 * @param isAccount whether there is an account; a slash after anything else is one of the address
 */
export function signInName(name: string, isAccount: (id: string) => boolean): SignInName {
  const [, account, email] = /^([0-9A-Za-z-]{1,64})\/(.*)$/s.exec(name) ?? [];
  if (account === undefined || email === undefined || !isAccount(account))
    return { account: undefined, email: name };
  return { account, email };
}

/** What somebody sent, and from where. */
export interface SignInAttempt {
  readonly name: SignInName;
  readonly password: string;
  readonly source: string;
  readonly requestId: string;
  readonly via: CommandMeta['via'];
  readonly origin: Source;
}

export function metaOf({ requestId, via }: SignInAttempt, actor: Actor, credential: Credential): CommandMeta {
  return { commandId: commandId(), requestId, via, actor, credential };
}

/** Names a user's present password: failures before it are not those of the next one, wherever that was set. */
export function passwordOf({ id, password_hash }: PasswordView): string {
  return `${id} ${password_hash.slice(-16)}`;
}

/** Whether what a check of a user's password rested on is the same. */
export function isSame(one: PasswordView, other: PasswordView): boolean {
  const { id, password_hash, locked_until } = one;
  return other.id === id && other.password_hash === password_hash && other.locked_until === locked_until;
}
