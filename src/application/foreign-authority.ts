import type { Authority } from '../domain/authority.js';

/** The actor's rights as another account states them, with that account's revision; undefined when it has no say here. */
export interface ForeignAuthority extends Authority {
  readonly revision: number | undefined;
}

/** A user of another account whose rights there a command rests on: its actor, or a user that limits its actor's API key. */
export interface ForeignUser {
  readonly account: string;
  readonly id: string;
  readonly isIssuer: boolean;
  /** Id of the API key that was sent. */
  readonly key?: string | undefined;
}

/** What states the rights of its users. */
export interface StatingAccount {
  /** @param client the account that is to be changed @param atHead whether the stream must be read first */
  authority(user: ForeignUser, client: string, atHead: boolean): Promise<ForeignAuthority>;
}
