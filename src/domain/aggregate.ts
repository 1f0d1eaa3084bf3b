import type { Category } from './category.js';
import type { AccountCommand } from './command.js';
import type { Event, EventRecord } from './event.js';
import type { FollowedEvent } from './followed-events.js';
import type { Limits } from './limits.js';
import type { Journal, SnapshotPart } from './journaled-map.js';
import type { Permission } from './permissions.js';
import type { Questions } from './questions.js';
import type { Fields, JsonSchema } from './shape.js';

export type AnyEvent = Event<string, object>;
export type AnyCommand = AccountCommand<object> & { readonly type: string };

/**
 * What a command asks of its actor: a permission; to read the log; to read the log and to hold account.settings, as it
 * sends the log elsewhere; to be the user it is about; to be the operator or the service.
 */
export type Need = Permission | 'reader' | 'webhooks' | 'self' | 'service';

export interface CommandEntry<Command = AnyCommand, State = never> {
  readonly class: new (...parameters: never[]) => Command;
  readonly needs: Need;
  /**
   * Refuses a text or a permission that breaks a rule and is new, and a list that is too long. It is called before
   * anything is looked up.
   * @throws Rejection bad_request, invalid_email, too_many
   */
  admit(command: Command, state: State, limits: Limits): void;
  /** The command opens the account. */
  readonly opens?: true;
  /** X77: the command changes a client account as such. Its company needs the permission alone, no share right. */
  readonly aboutClient?: true;
}

export interface EventEntry<Data = object> {
  /** The version written today; a new shape is a new version with an upcaster. */
  readonly version: number;
  /** Fields that tell something of a person. */
  readonly personal: readonly (keyof Data & string)[];
  /** Fields that never leave the service: not in the audit log, the feed, webhooks, logs or errors. */
  readonly secret: readonly (keyof Data & string)[];
  readonly category: Category;
  /** Every field of the data. Subscribers are shown them as a JSON Schema, without those that are secret. */
  readonly fields: Fields<Data>;
  /** The fields of each version before this one, from version 1 on. */
  readonly formerly?: readonly Readonly<Record<string, JsonSchema>>[];
  /**
   * What the actor did, to stand behind the actor's name. In braces: a subject by its type, `key` for the name of the
   * key, or a field of the data.
   */
  readonly summary: string;
}

/** The entry of an event of version 1 without personal or secret fields, and what readers of the audit log are told. */
export function told<Own extends Readonly<Record<string, JsonSchema>>>(
  category: Category,
  summary: string,
  fields: Own,
) {
  return { version: 1, personal: [], secret: [], category, summary, fields } as const;
}

type Named<Union extends { readonly type: string }, Type> = Extract<Union, { readonly type: Type }>;

/**
 * Everything there is to know of one aggregate: what is missing here does not compile.
 * Routing, rights, the event catalogue, the handlers of the command bus and the fold are derived from it.
 */
export interface Aggregate<
  Own,
  State,
  Command extends AnyCommand,
  Recorded extends AnyEvent,
  Decided extends AnyEvent,
> {
  /** Its own parts of the account's state, empty. Snapshots hold each of them under its name. */
  state(journal: Journal): Own;
  readonly commands: { readonly [Type in Command['type']]: CommandEntry<Named<Command, Type>, State> };
  readonly events: { readonly [Type in Recorded['type']]: EventEntry<Named<Recorded, Type>['data']> };
  /** @returns the events to append; none when nothing would change @throws Rejection when a rule refuses */
  decide(command: Command, state: State, questions: Questions): Decided[];
  /** Applies an event in place; the journal remembers how to undo it. */
  evolve(state: State, record: EventRecord<Recorded>): void;
  /** What an event of another aggregate begins or ends here. */
  readonly follow?: {
    readonly [Type in FollowedEvent['type']]?: (
      state: State,
      data: Named<FollowedEvent, Type>['data'],
    ) => void;
  };
}

/**
 * Names the types that a manifest is checked against; the rest is inferred.
 * `More` are parts of other aggregates that it reads or changes besides its own.
 */
export function aggregate<Command extends AnyCommand, Recorded extends AnyEvent, More = unknown>() {
  return <Own extends Readonly<Record<string, SnapshotPart>>, Decided extends AnyEvent>(
    manifest: Aggregate<Own, Own & More, Command, Recorded, Decided>,
  ): Aggregate<Own, Own & More, Command, Recorded, Decided> => manifest;
}
