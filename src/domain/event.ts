import type { Via } from './command.js';

/** A fact that happened in an account. `data` holds JSON values only, in snake_case, and never changes its shape. */
export interface Event<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

/** What is recorded beside an event's data; no name, address or free text. */
export interface EventMetadata {
  /** Version of the event's shape. */
  readonly v: number;
  /** When it happened, ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  readonly command_id: string;
  /** Place of the event among the `count` events of its command. */
  readonly index: number;
  readonly count: number;
  readonly actor: {
    readonly id: string;
    /** The actor's own account and its revision at which the right was checked; null for the operator and the service. */
    readonly account: string | null;
    readonly revision: number | null;
  };
  readonly via: Via;
  readonly request_id: string;
}

/** An event with its place in the account's stream: what the fold and the read models see. */
export interface EventRecord<Recorded extends Event<string, object> = Event<string, object>> {
  /** The event's own id, a UUID. */
  readonly id: string;
  readonly account: string;
  readonly revision: number;
  readonly event: Recorded;
  readonly metadata: EventMetadata;
}
