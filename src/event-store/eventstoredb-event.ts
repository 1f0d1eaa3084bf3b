import {
  jsonEvent,
  type JSONEventData,
  type JSONType,
  type ReadPosition,
  START,
} from '@eventstore/db-client';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, ProposedEvent, RecordedEvent } from './event-store.js';

/**
 * Prepares an event for the client. The data are plain JSON, because the client never answers an
 * append of anything else.
 */
export function proposalOf({ id, type, data, metadata }: ProposedEvent): JSONEventData {
  return jsonEvent({ id, type, data: parsed(data), metadata: parsed(metadata) });
}

/**
 * The event of a message in the form that came over the wire. The service wants data and metadata as
 * texts. The client would parse them and turn other fields into dates and big integers. That would double
 * the cost of reading.
 * @returns undefined for a message without an event
 */
export function recordIn(message: streams.ReadResp): RecordedEvent | undefined {
  const event = message.getEvent()?.getEvent();
  if (!event) return undefined;
  const position = `${event.getCommitPosition()}/${event.getPreparePosition()}`;
  return {
    // The client asks the server for ids as texts.
    id: event.getId()?.getString() ?? '',
    type: event.getMetadataMap().get('type') ?? '',
    stream: textOf(event.getStreamIdentifier()?.getStreamName_asU8()),
    revision: Number(event.getStreamRevision()),
    data: textOf(event.getData_asU8()),
    metadata: textOf(event.getCustomMetadata_asU8()),
    position,
  };
}

export function textOfPosition({ commit, prepare }: { commit: bigint; prepare: bigint }): Position {
  return `${commit}/${prepare}`;
}

/** The place to read from, in the client's form. */
export function readPosition(after: Position | undefined): ReadPosition {
  if (after === undefined) return START;
  const [commit = '', prepare = ''] = after.split('/');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}

export function isBefore(one: Position | undefined, other: Position | undefined): boolean {
  const commitOf = (position: Position) => BigInt(position.split('/')[0] ?? '');
  return other !== undefined && (one === undefined || commitOf(one) < commitOf(other));
}

function parsed(json: string): JSONType {
  return JSON.parse(json) as JSONType;
}

function textOf(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
