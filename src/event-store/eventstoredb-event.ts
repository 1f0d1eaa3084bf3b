import {
  jsonEvent,
  type JSONEventData,
  type JSONType,
  type ReadPosition,
  START,
} from '@eventstore/db-client';
import type { Position, ProposedEvent, RecordedEvent } from './event-store.js';
import type { Arrival } from './eventstoredb-arrivals.js';

/** Prepares an event for the client; its data are plain JSON, as the client never answers for anything else. */
export function proposalOf({ id, type, data, metadata }: ProposedEvent): JSONEventData {
  return jsonEvent({ id, type, data: parsed(data), metadata: parsed(metadata) });
}

/** @returns undefined for what is no event, as a link to one that is gone */
export function recordOf({ event }: Arrival): RecordedEvent | undefined {
  if (!event) return undefined;
  const { id, type, streamId: stream, revision, data, metadata, position } = event;
  return {
    ...{ id, type, stream, revision: Number(revision), data: textOf(data), metadata: textOf(metadata) },
    position: position ? textOfPosition(position) : '',
  };
}

export function textOfPosition({ commit, prepare }: { commit: bigint; prepare: bigint }): Position {
  return `${commit}/${prepare}`;
}

/** The place from where to read, as the client wants it. */
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

/** The JSON text of what the client has parsed; what it could not parse it gives as it was, and so does this. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
