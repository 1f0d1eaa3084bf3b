import type { Actor } from './command.js';

export const payloads = ['full', 'thin'] as const;
export const deliveryOrders = ['subject', 'account', 'none'] as const;
export const exhaustions = ['disable', 'skip'] as const;
export const profiles = ['cloudevents', 'ocsf', 'cef'] as const;

/** What an event must be to be sent: each field that is there lets it through, by one of its values. */
export interface WebhookFilter {
  /** Ids of users, of groups and of roles that it is about. */
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  readonly categories?: readonly string[];
  readonly privileged?: boolean;
  /** Ids or kinds of credentials: what was done by them is not sent. */
  readonly credential_not?: string | readonly string[];
}

/** What its maker says of a webhook, and may change. */
export interface WebhookFacts {
  readonly url: string;
  /** Names of events, `*` at the end of a name stands for any rest; `*` alone for all. */
  readonly event_types: readonly string[];
  readonly filter: WebhookFilter;
  readonly description: string;
  readonly payload: (typeof payloads)[number];
  readonly order: (typeof deliveryOrders)[number];
  /** What happens when the last attempt of a delivery fails. */
  readonly on_exhausted: (typeof exhaustions)[number];
  /** Attempts a second; null for no limit. */
  readonly max_per_second: number | null;
  /** Hours between two events that show that the webhook works; null for none. */
  readonly verify_hours: number | null;
  readonly profile: (typeof profiles)[number];
  /** How many events a request carries at most. */
  readonly batch: number;
  readonly include_attempts: boolean;
  /** Whether the events of all clients of the company are sent as well. */
  readonly include_clients: boolean;
}

export const factNames = [
  ...(['url', 'event_types', 'filter', 'description', 'payload', 'order', 'on_exhausted'] as const),
  ...(['max_per_second', 'verify_hours', 'profile', 'batch', 'include_attempts', 'include_clients'] as const),
] as const satisfies readonly (keyof WebhookFacts)[];

/** Values of headers by name, sealed: only the service itself can read them. */
export type SealedHeaders = Readonly<Record<string, string>>;

/** Who made a webhook. Only a user has an id and an account. */
export interface WebhookMaker {
  readonly kind: Actor['kind'];
  readonly id: string | null;
  readonly account: string | null;
}

/** A secret and a pair of keys, sealed. */
export interface SealedSecret {
  readonly sealed: string;
  /** Until when it signs as well, ISO 8601 in UTC with milliseconds; null for the one that others end by. */
  readonly until: string | null;
}

export const disabledReasons = ['gone', 'exhausted', 'manual'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Revisions, inclusive, that were not sent while a webhook was disabled. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** As {@link Gap}, of a client. */
export type ClientGap = Gap & { readonly client_id: string };

/** A webhook as its events made it. */
export interface Webhook extends WebhookFacts {
  readonly id: string;
  /** The names of its headers, in the caller's spelling. */
  readonly header_names: readonly string[];
  readonly sealed_headers: SealedHeaders;
  /** Oldest first. */
  readonly secrets: readonly SealedSecret[];
  readonly created_by: WebhookMaker;
  /** ISO 8601 in UTC with milliseconds. */
  readonly created: string;
  readonly status: 'active' | 'paused' | 'disabled';
  readonly disabled_reason: DisabledReason | null;
  /** While it is disabled: the revision of its account up to which everything was sent or given up. */
  readonly after: number;
  /** Events after this revision of its account are sent: that of its creation, or of the last time it was enabled. */
  readonly since: number;
  /** What was not sent the last time it was disabled; null when it never was, and while it is. */
  readonly disabled_gap: (Gap & { readonly clients: readonly ClientGap[] }) | null;
}
