import { randomUUID } from 'node:crypto';
import type { Source } from '../../audit/attempts/attempt.js';
import type { Actor, CommandMeta, Credential } from '../../domain/command.js';
import type { PasswordView } from '../../read/credentials.js';

/** What somebody sent, and from where. */
export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  readonly source: string;
  readonly requestId: string;
  readonly via: CommandMeta['via'];
  readonly origin: Source;
}

export function metaOf({ requestId, via }: SignInAttempt, actor: Actor, credential: Credential): CommandMeta {
  return { commandId: randomUUID(), requestId, via, actor, credential };
}

/** Names a user's present password: failures before it are not those of the next one, wherever that was set. */
export function passwordOf({ id, password_hash }: PasswordView): string {
  return `${id} ${password_hash.slice(-16)}`;
}

export function fingerprintOf(candidates: readonly PasswordView[]): string {
  return candidates
    .map(({ id, password_hash, locked_until }) => `${id} ${password_hash} ${locked_until ?? ''}`)
    .join('\n');
}
