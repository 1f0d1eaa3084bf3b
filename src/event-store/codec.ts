import type { DomainEvent } from '../domain/account-state.js';
import { eventCatalogue, isEventType } from '../domain/event-catalogue.js';
import type { CommandMeta, Via } from '../domain/message.js';
import type { ProposedEvent, RecordedEvent } from './event-store.js';
import { upcast } from './upcast.js';

/** What is recorded beside an event's data; no name, address or free text. */
export interface EventMetadata {
  /** Version of the event's shape. */
  readonly v: number;
  /** When it happened, ISO 8601 in UTC with milliseconds; never falls within a stream. */
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

/** An event of an account as the rest of the service sees it. */
export interface AccountEventRecord {
  readonly id: string;
  readonly account: string;
  readonly revision: number;
  readonly event: DomainEvent;
  readonly metadata: EventMetadata;
}

/** An event that is decided, with the bytes that will be appended. */
export interface EncodedEvent {
  readonly event: DomainEvent;
  readonly metadata: EventMetadata;
  readonly proposed: ProposedEvent;
}

/** The log holds an event that this version of the service cannot read. Its account stops; nothing is skipped. */
export class UnreadableEvent extends Error {}

const STREAM_PREFIX = 'account-';

export const accountStreams = STREAM_PREFIX;

export function accountStream(account: string): string {
  return STREAM_PREFIX + account;
}

export function accountOf(stream: string): string {
  return stream.slice(STREAM_PREFIX.length);
}

/**
 * Encodes the events of one command.
 * @param actorRevision revision of the actor's account at which the right was checked; null without such an account
 * @param time ISO 8601 in UTC with milliseconds
 * @param newId makes a UUID
 */
export function encode(
  events: readonly DomainEvent[],
  meta: CommandMeta,
  actorRevision: number | null,
  time: string,
  newId: () => string,
): EncodedEvent[] {
  const { actor } = meta;
  return events.map((event, index) => {
    const metadata: EventMetadata = {
      v: eventCatalogue[event.type].version,
      time,
      command_id: meta.commandId,
      index,
      count: events.length,
      actor:
        actor.type === 'user'
          ? { id: actor.id, account: actor.account, revision: actorRevision }
          : { id: actor.type, account: null, revision: null },
      via: meta.via,
      request_id: meta.requestId,
    };
    const [data, metadataJson] = [JSON.stringify(event.data), JSON.stringify(metadata)];
    return { event, metadata, proposed: { id: newId(), type: event.type, data, metadata: metadataJson } };
  });
}

/** @throws UnreadableEvent for an unknown type, a newer version or damaged JSON */
export function decode(recorded: RecordedEvent): AccountEventRecord {
  const { id, type, stream, revision } = recorded;
  const where = `event ${String(revision)} of stream ${stream}`;
  if (!isEventType(type))
    throw new UnreadableEvent(
      `${where} is of the unknown type ${type}; run a version of Muster that knows it`,
    );
  const metadata = parse(recorded.metadata, where) as EventMetadata;
  const { version } = eventCatalogue[type];
  if (!(metadata.v <= version))
    throw new UnreadableEvent(
      `${where} is version ${String(metadata.v)} of ${type}, this version of Muster reads up to ${String(version)}`,
    );
  // The catalogue knows type and version, so the data have the shape they were written with.
  const event = { type, data: upcast(type, metadata, parse(recorded.data, where)) } as DomainEvent;
  return { id, account: accountOf(stream), revision, event, metadata };
}

function parse(json: string, where: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the error below, which says where.
  }
  throw new UnreadableEvent(`${where} is damaged; restore the log from a backup`);
}
