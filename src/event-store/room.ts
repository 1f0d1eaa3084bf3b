import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { PRIVATE_FILE } from './data-directory.js';
import { MAX_APPEND_BYTES } from './event-store.js';

/** For the largest append and what it makes in the views. */
const ROOM_BYTES = 2 * MAX_APPEND_BYTES;

/**
 * Finds out whether a file can grow, by a file beside it: after a failure SQLite may go on for a while in the room that
 * its write-ahead log has already, and fail again.
 * @throws Error of the system when there is not enough room, or nothing can be written there
 */
export function findRoom(path: string): void {
  const probe = `${path}.room`;
  const file = openSync(probe, 'w', PRIVATE_FILE);
  try {
    // It is there as long as it is open, so that not even a crash leaves it.
    rmSync(probe);
    // Not zeros: some file systems take those without any room.
    writeFileSync(file, randomFillSync(Buffer.allocUnsafe(ROOM_BYTES)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
