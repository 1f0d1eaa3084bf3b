/** Who sends a command: a user of some account, the operator, or the service itself. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly account: string }
  | { readonly kind: 'operator' }
  | { readonly kind: 'system' };

/** By what the actor was known; `id` is that of the API key, or of the mail that the token stood in. Never the secret. */
export type Credential =
  | { readonly kind: 'api_key' | 'mail_token'; readonly id: string }
  | { readonly kind: 'password' | 'operator_key' | 'none' };

export type Via = 'v1' | 'v2' | 'scim' | 'operator' | 'system';

/** What is known of a command besides its content: who sent it, by which door, in which request, and why. */
export interface CommandMeta {
  readonly commandId: string;
  readonly requestId: string;
  readonly via: Via;
  readonly actor: Actor;
  readonly credential: Credential;
  /** What the caller says the command is for: 1–500 characters. It may tell something of a person. */
  readonly reason?: string | undefined;
  /** The header `traceparent` of the request, valid by W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** The revision of the account whose event made this command necessary. */
  readonly causedBy?: number | undefined;
}

/** What the service itself sends commands by: nothing. */
export const noCredential: Credential = { kind: 'none' };

/** Id of the API key that the command was sent by, if it was by one. */
export function apiKeyOf({ credential }: CommandMeta): string | undefined {
  return credential.kind === 'api_key' ? credential.id : undefined;
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
