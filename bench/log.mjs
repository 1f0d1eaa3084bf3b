import { DatabaseSync } from '@photostructure/sqlite';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** What the log on the disk holds; the service may be running. */
export function inspectLog(directory) {
  const database = new DatabaseSync(join(directory, 'events.db'), { readOnly: true });
  const one = (sql) => Object.values(database.prepare(sql).get())[0];
  try {
    return {
      events: one('SELECT count(*) FROM events'),
      /** "user group" of every membership that was added, in the order of the log. */
      memberships: database
        .prepare(
          `SELECT json_extract(data, '$.user_id') || ' ' || json_extract(data, '$.group_id') AS pair
           FROM events WHERE type = 'UserAddedToGroup' ORDER BY position`,
        )
        .all()
        .map(({ pair }) => pair),
      /** Bytes of one such event. */
      membershipBytes: Math.round(
        one(`SELECT coalesce(avg(length(id) + length(type) + length(data) + length(metadata)), 0)
             FROM events WHERE type = 'UserAddedToGroup'`),
      ),
    };
  } finally {
    database.close();
  }
}

/** How often a second the disk takes 4 KiB over what is there already, each written through to it. */
export function syncRate(directory, milliseconds) {
  const path = join(directory, 'sync-rate');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096, 1);
  writeSync(file, block, 0, block.length, 0);
  fdatasyncSync(file);
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < milliseconds) {
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
    count += 1;
  }
  const seconds = (performance.now() - start) / 1000;
  closeSync(file);
  rmSync(path);
  return count / seconds;
}
