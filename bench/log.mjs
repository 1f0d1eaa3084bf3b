import { DatabaseSync } from '@photostructure/sqlite';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** The number of events in the log; like the other questions here it may be asked while the service runs. */
export function countEvents(directory) {
  return ask(directory, 'SELECT count(*) AS answer FROM events')[0];
}

/** Bytes of an event that adds a member to a group. */
export function membershipBytes(directory) {
  const size = 'length(id) + length(type) + length(data) + length(metadata)';
  return Math.round(
    ask(directory, `SELECT avg(${size}) AS answer FROM events WHERE type = 'UserAddedToGroup'`)[0],
  );
}

/** "user group" of every membership that was added, in the order of the log. */
export function storedMemberships(directory) {
  return ask(
    directory,
    `SELECT json_extract(data, '$.user_id') || ' ' || json_extract(data, '$.group_id') AS answer
     FROM events WHERE type = 'UserAddedToGroup' ORDER BY position`,
  );
}

function ask(directory, sql) {
  const database = new DatabaseSync(join(directory, 'events.db'), { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map(({ answer }) => answer);
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
