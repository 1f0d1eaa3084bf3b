import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountStream, accountStreams } from '../event-store/codec.js';
import { type EventStore, NO_STREAM, StoreUnusable } from '../event-store/event-store.js';

const REMEDY =
  'Check that EVENT_STORE, MUSTER_STREAM_PREFIX and MUSTER_DATA_DIR have not changed, or restore the log from a backup. ' +
  'To begin a new, empty directory nevertheless, start with MUSTER_NEW_LOG=yes or an empty MUSTER_DATA_DIR';

/**
 * Checks a log in a file, before the file is made.
 * @throws StoreUnusable when there is no such file, but there are views or snapshots of one
 */
export function refuseLostFile(directory: string): void {
  if (existsSync(join(directory, 'events.db'))) return;
  const left = ['views.db', 'snapshots'].filter((name) =>
    name === 'snapshots' ? hasSnapshots(directory) : existsSync(join(directory, name)),
  );
  if (left.length > 0)
    throw new StoreUnusable(
      `The event log is gone: ${directory} holds ${left.join(' and ')}, but no events.db. ${REMEDY}`,
    );
}

/**
 * Checks any log, once it is within reach.
 * @param known the accounts that the views were made from
 * @throws StoreUnusable when the log has no account, but there are views or snapshots of some
 */
export async function refuseEmptiedLog(
  store: EventStore,
  known: readonly string[],
  directory: string,
): Promise<void> {
  if (known.length === 0 && !hasSnapshots(directory)) return;
  // The known accounts come first: a search through a log that others share may take long.
  for (const account of known.slice(0, 3))
    for await (const page of store.readStream(accountStream(account), NO_STREAM)) if (page.length > 0) return;
  for await (const page of store.readAll(accountStreams)) if (page.length > 0) return;
  const left =
    known.length > 0 ? `the views know ${String(known.length)} accounts` : 'there are snapshots of some';
  throw new StoreUnusable(
    `The event log is gone: it holds no account, but in ${directory} ${left}. ${REMEDY}`,
  );
}

function hasSnapshots(directory: string): boolean {
  const folder = join(directory, 'snapshots');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.ndjson'));
}
