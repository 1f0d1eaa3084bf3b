import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { PRIVATE_FILE } from './data-directory.js';
import { MAX_APPEND_BYTES } from './event-store.js';

/** The room for the largest append and its changes in the views. */
export const ROOM_BYTES = 2 * MAX_APPEND_BYTES;

/**
 * Finds out whether a file can grow, by writing a file beside it. The database itself cannot tell: after a
 * failure SQLite may go on for a while in the room of its write-ahead log and then fail again.
 * @throws Error of the system when there is too little room, or nothing can be written there
 */
export function findRoom(path: string): void {
  const probe = `${path}.room`;
  const file = openSync(probe, 'w', PRIVATE_FILE);
  try {
    // The probe has no name any more and is gone when it is closed. Not even a crash leaves it behind.
    rmSync(probe);
    // The data are random, because some file systems take zeros without using any room.
    writeFileSync(file, randomFillSync(Buffer.allocUnsafe(ROOM_BYTES)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The room that this process may still take on the disk of a file, in bytes. A quota, or a limit of the process, may leave
 * less: only {@link findRoom} finds that out.
 * @returns Infinity where the system does not tell, as for what is in memory
 */
export function freeBytes(path: string): number {
  try {
    const { blocks, bavail, bsize } = statfsSync(path);
    return blocks === 0 ? Infinity : bavail * bsize;
  } catch {
    return Infinity;
  }
}
