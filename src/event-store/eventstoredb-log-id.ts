import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventStore, NO_STREAM, RevisionConflict, StoreUnavailable } from './event-store.js';

/** The stream with one event. The id of that event is the id of the log. */
const LOG_STREAM = 'muster-log';
/** The most looks for what another instance has written, and the pause between two looks in milliseconds. */
const MOST_LOOKS = 100;
const PAUSE_MS = 5;

type Log = Pick<EventStore, 'append' | 'readStream'>;

/** The id of a log. The first instance to ask gives the log its id. */
export async function logIdIn(log: Log): Promise<string> {
  return (await givenLogId(log)) ?? (await identify(log));
}

async function identify(log: Log): Promise<string> {
  const id = randomUUID();
  try {
    await log.append(LOG_STREAM, NO_STREAM, [{ id, type: 'LogIdentified', data: '{}', metadata: '{}' }]);
    return id;
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
  }
  // Another instance was faster. The server knows that before its event can be read.
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const first = await givenLogId(log);
    if (first !== undefined) return first;
    await sleep(PAUSE_MS);
  }
  throw new StoreUnavailable(`What is in ${LOG_STREAM} cannot be read yet`);
}

/** The id that a log was given; undefined before the first instance has asked for one. */
export async function givenLogId(log: Pick<EventStore, 'readStream'>): Promise<string | undefined> {
  for await (const [event] of log.readStream(LOG_STREAM, NO_STREAM)) return event?.id;
  return undefined;
}
