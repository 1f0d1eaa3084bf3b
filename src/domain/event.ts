import type { Actor, Credential, Via } from './command.js';

/** A fact that happened in an account. `data` holds JSON values only, in snake_case, and never changes its shape. */
export interface Event<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

/** The version of the metadata that is written. */
export const METADATA_VERSION = 2;

/** What is recorded beside an event's data. Of its texts only `reason` is free: the caller's own words. */
export interface EventMetadata {
  /** Version of the event's shape. */
  readonly v: number;
  /** Version of the shape of this metadata, to which older ones are brought when they are read. */
  readonly metadata_v: typeof METADATA_VERSION;
  /** When it happened, ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  readonly command_id: string;
  /** Place of the event among the `count` events of its command. */
  readonly index: number;
  readonly count: number;
  readonly actor: {
    readonly kind: Actor['kind'];
    /** Id of the user; `operator` and `system` for these two. */
    readonly id: string;
    /** The actor's own account and its revision at which the right was checked; null for the operator and the service. */
    readonly account: string | null;
    readonly revision: number | null;
  };
  /** How the actor was recognised; null in records of version 1 of the metadata, which did not say. */
  readonly credential: Credential | null;
  readonly via: Via;
  readonly request_id: string;
  /** Why, in the caller's words, see {@link personalMetadata}. */
  readonly reason?: string;
  /** The caller's W3C trace context. */
  readonly traceparent?: string;
  /** Revision of the event in this account that the command undoes. */
  readonly caused_by?: number;
}

/** Fields of the metadata that may tell something of a person: the actor. */
export const personalMetadata = ['reason'] as const satisfies readonly (keyof EventMetadata)[];

/** An event with its place in the account's stream: what the fold and the read models see. */
export interface EventRecord<Recorded extends Event<string, object> = Event<string, object>> {
  /** The event's own id, a UUID. */
  readonly id: string;
  readonly account: string;
  readonly revision: number;
  readonly event: Recorded;
  readonly metadata: EventMetadata;
}
