import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventStore, NO_STREAM, RevisionConflict, StoreUnavailable } from './event-store.js';

/** Holds one event, whose id is the id of the log. */
const LOG_STREAM = 'muster-log';
/** How often what another instance has written is looked for, and the pause in between, in milliseconds. */
const MOST_LOOKS = 100;
const PAUSE_MS = 5;

type Log = Pick<EventStore, 'append' | 'readStream'>;

/** The id of a log, which whoever asks first gives it. */
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
  // Another instance was faster. The server knows that before what that one wrote can be read.
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const first = await givenLogId(log);
    if (first !== undefined) return first;
    await sleep(PAUSE_MS);
  }
  throw new StoreUnavailable(`What is in ${LOG_STREAM} cannot be read yet`);
}

/** The id that a log was given; undefined as long as nobody has asked for one. */
export async function givenLogId(log: Pick<EventStore, 'readStream'>): Promise<string | undefined> {
  for await (const [event] of log.readStream(LOG_STREAM, NO_STREAM)) return event?.id;
  return undefined;
}
