import type { Authority } from '../domain/authority.js';

/**
 * The rights of a user as another account states them.
 * The revision is that account's. It is undefined when the account has no say here.
 */
export interface ForeignAuthority extends Authority {
  readonly revision: number | undefined;
}

/**
 * A user of another account. A command depends on the rights that the user has there.
 * It is the command's actor, or a user that limits its actor's API key.
 */
export interface ForeignUser {
  readonly account: string;
  readonly id: string;
  readonly isIssuer: boolean;
  /** The id of the API key that was sent. */
  readonly key?: string | undefined;
}

/** An account that states the rights of its users. */
export interface StatingAccount {
  /**
   * @param client the account that is to be changed
   * @param atHead whether the stream must be read first
   */
  authority(user: ForeignUser, client: string, atHead: boolean): Promise<ForeignAuthority>;
}
