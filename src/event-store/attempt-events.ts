import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONEventData, type JSONType } from '@eventstore/db-client';
import type { AttemptBatch, KeptAttempt, KeptWrite } from './attempt-log.js';
import type { PlacedBatch, ReadSoFar } from './attempt-tables.js';
import type { RecordedEvent } from './event-store.js';

const TYPE = 'AttemptsRecorded';
/** The most rows of one event. It keeps an event well below the size that an append may have. */
const MOST_ROWS = 200;
/** How far the places of attempts in one event are from those in the next. */
const PLACES = 1024;

interface Recorded {
  readonly attempts: readonly (Omit<KeptAttempt, 'data'> & { readonly data: JSONType })[];
  readonly writes: readonly {
    readonly command_id: string;
    readonly time: number;
    readonly source: JSONType;
  }[];
}

/** The events of a batch. Each is an append of its own. */
export function proposalsOf({ attempts, writes }: AttemptBatch): JSONEventData[] {
  const pieces: AttemptBatch[] = [
    ...slices(attempts).map((some) => ({ attempts: some, writes: [] })),
    ...slices(writes).map((some) => ({ attempts: [], writes: some })),
  ];
  return pieces.map((piece) => jsonEvent({ id: randomUUID(), type: TYPE, data: recordedOf(piece) }));
}

/**
 * Merges events into batches of at least {@link MOST_ROWS} rows; the last may be smaller. Each batch comes
 * with the last event in it, and each attempt with its place: all instances give it the same.
 */
export function* merged(
  events: readonly RecordedEvent[],
): Iterable<{ readonly batch: PlacedBatch; readonly upTo: ReadSoFar }> {
  let [attempts, writes]: [PlacedBatch['attempts'][number][], KeptWrite[]] = [[], []];
  for (const [index, { revision, id, data }] of events.entries()) {
    const batch = batchIn(data);
    attempts.push(
      ...batch.attempts.map((attempt, place) => ({ ...attempt, place: revision * PLACES + place + 1 })),
    );
    writes.push(...batch.writes);
    if (attempts.length + writes.length < MOST_ROWS && index < events.length - 1) continue;
    yield { batch: { attempts, writes }, upTo: { revision, event: id } };
    [attempts, writes] = [[], []];
  }
}

function batchIn(data: string): AttemptBatch {
  const { attempts, writes } = JSON.parse(data) as Recorded;
  return {
    attempts: attempts.map((attempt) => ({ ...attempt, data: JSON.stringify(attempt.data) })),
    writes: writes.map(({ command_id, time, source }) => ({
      ...{ commandId: command_id, time, source: JSON.stringify(source) },
    })),
  };
}

function recordedOf({ attempts, writes }: AttemptBatch): JSONType {
  const recorded: Recorded = {
    attempts: attempts.map((attempt) => ({ ...attempt, data: parsed(attempt.data) })),
    writes: writes.map((write) => recordedWrite(write)),
  };
  return { ...recorded };
}

function recordedWrite({ commandId, time, source }: KeptWrite): Recorded['writes'][number] {
  return { command_id: commandId, time, source: parsed(source) };
}

function parsed(json: string): JSONType {
  return JSON.parse(json) as JSONType;
}

function slices<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / MOST_ROWS) }, (_, index) =>
    rows.slice(index * MOST_ROWS, (index + 1) * MOST_ROWS),
  );
}
