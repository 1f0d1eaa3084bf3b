import { randomUUID } from 'node:crypto';

/**
 * An id of a command, a UUID of version 7 (RFC 9562): it begins with the time in milliseconds. Rows that are found by such
 * ids are added at one end of a table, and not everywhere in it.
 * @param now in milliseconds since the epoch
 */
export function commandId(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
