import type { DomainEvent } from '../domain/aggregates.js';
import { eventCatalogue, isEventType } from '../domain/event-catalogue.js';
import { type EventMetadata, type EventRecord, METADATA_VERSION } from '../domain/event.js';
import type { CommandMeta } from '../domain/command.js';
import type { ProposedEvent, RecordedEvent } from './event-store.js';
import { type MetadataV1, upcast, upcastMetadata } from './upcast.js';

/** An event of an account as the rest of the service sees it. */
export type AccountEventRecord = EventRecord<DomainEvent>;

/** A decided event, with the bytes to append. */
export interface EncodedEvent {
  readonly record: AccountEventRecord;
  readonly proposed: ProposedEvent;
}

/** The place and time at which the events of a command are recorded. */
export interface Place {
  readonly account: string;
  /** The revision of the first event. */
  readonly revision: number;
  /** Revision of the actor's account at which the right was checked; null without such an account. */
  readonly actorRevision: number | null;
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
}

/**
 * The log holds an event that this version of the service cannot read. The account of the event stops.
 * Nothing is skipped.
 */
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
 * @param newId makes a UUID
 */
export function encode(
  events: readonly DomainEvent[],
  { actor, credential, commandId: command_id, requestId: request_id, via, ...more }: CommandMeta,
  { account, revision, actorRevision, time }: Place,
  newId: () => string,
): EncodedEvent[] {
  const by =
    actor.kind === 'user'
      ? { kind: actor.kind, id: actor.id, account: actor.account, revision: actorRevision }
      : { kind: actor.kind, id: actor.kind, account: null, revision: null };
  const context = { actor: by, credential, via, request_id, ...given(more) };
  return events.map((event, index) => {
    const { version: v } = eventCatalogue[event.type];
    const place = { command_id, index, count: events.length };
    const metadata = { v, metadata_v: METADATA_VERSION, time, ...place, ...context } as const;
    const [data, metadataJson] = [JSON.stringify(event.data), JSON.stringify(metadata)];
    const id = newId();
    return {
      record: { id, account, revision: revision + index, event, metadata },
      proposed: { id, type: event.type, data, metadata: metadataJson },
    };
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
  const stored = parse(recorded.metadata, where) as EventMetadata | MetadataV1;
  const { version } = eventCatalogue[type];
  if (!(stored.v <= version))
    throw new UnreadableEvent(
      `${where} is version ${String(stored.v)} of ${type}, this version of Muster reads up to ${String(version)}`,
    );
  const metadata = metadataIn(stored, where);
  // The catalogue knows type and version, so the data have the shape in which they were written.
  const event = { type, data: upcast(type, metadata, parse(recorded.data, where)) } as DomainEvent;
  return { id, account: accountOf(stream), revision, event, metadata };
}

/** The optional fields that the caller has given. A field that was not given is not written. */
function given({
  reason,
  traceparent,
  causedBy: caused_by,
}: Pick<CommandMeta, 'reason' | 'traceparent' | 'causedBy'>): Pick<
  EventMetadata,
  'reason' | 'traceparent' | 'caused_by'
> {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(caused_by === undefined ? {} : { caused_by }),
  };
}

function metadataIn(stored: EventMetadata | MetadataV1, where: string): EventMetadata {
  const { actor }: { readonly actor?: unknown } = stored;
  if (typeof actor !== 'object' || actor === null) throw damaged(where);
  if (!('metadata_v' in stored)) return upcastMetadata(stored);
  const version: number = stored.metadata_v;
  if (version === METADATA_VERSION) return stored;
  const read = `this version of Muster reads up to ${String(METADATA_VERSION)}`;
  throw new UnreadableEvent(`${where} has metadata of version ${String(version)}, ${read}`);
}

function parse(json: string, where: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The error below says where.
  }
  throw damaged(where);
}

function damaged(where: string): UnreadableEvent {
  return new UnreadableEvent(`${where} is damaged; restore the log from a backup`);
}
