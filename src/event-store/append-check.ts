import { type ProposedEvent, RevisionConflict } from './event-store.js';

/**
 * Decides an append with a numeric expected revision as an EventStoreDB server does.
 * @param head the stream's revision, NO_STREAM when it has no events
 * @param idAt the id of the event at a revision that exists
 * @returns 'write', or 'repeat' when every event is there already at its place
 * @throws RevisionConflict
 */
export function checkAppend(
  stream: string,
  head: number,
  expectedRevision: number,
  events: readonly ProposedEvent[],
  idAt: (revision: number) => string | undefined,
): 'write' | 'repeat' {
  if (expectedRevision === head) return 'write';
  const repeated =
    expectedRevision < head &&
    events.every((event, index) => idAt(expectedRevision + 1 + index) === event.id);
  if (!repeated) throw new RevisionConflict(stream, expectedRevision);
  return 'repeat';
}
