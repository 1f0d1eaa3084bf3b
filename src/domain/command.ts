/** Who sends a command: a user of some account, or the service itself. */
export type Actor =
  /** `key` is the id of the API key that was sent; none was by a user who signed in with a password. */
  | {
      readonly type: 'user';
      readonly id: string;
      readonly account: string;
      readonly key?: string | undefined;
    }
  | { readonly type: 'operator' }
  | { readonly type: 'system' };

export type Via = 'v1' | 'v2' | 'scim' | 'operator' | 'system';

/** What is known of a command besides its content: who sent it, by which door, in which request. */
export interface CommandMeta {
  readonly commandId: string;
  readonly requestId: string;
  readonly via: Via;
  readonly actor: Actor;
}

/**
 * A request to change one account.
 * Ids of what it creates, and hashes of its secrets, are made by the sender: deciding stays a pure function.
 */
export abstract class AccountCommand<Data> {
  constructor(
    /** Id of the account whose stream the command appends to. */
    readonly account: string,
    readonly data: Data,
    readonly meta: CommandMeta,
  ) {}
}
