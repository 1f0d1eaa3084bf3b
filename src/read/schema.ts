import { createHash } from 'node:crypto';
import { sourceHash } from '../event-store/source-hash.js';
import { checkpointsTable } from './checkpoints.js';
import { commandsTable } from './tables/commands.js';
import { countsTable } from './tables/counts.js';
import { entitiesTable } from './tables/entities.js';
import { versionedTables } from './tables/tables.js';

/** The statements that make the views' tables and indexes. */
export const schema = [
  ...[checkpointsTable, entitiesTable, countsTable, commandsTable],
  ...versionedTables.map(({ ddl }) => ddl),
].join(';\n');

/**
 * The version of the rows. It changes with the schema and with any code that writes rows. Views of another
 * version are made anew.
 */
export function schemaVersion(): number {
  const sources = sourceHash(new URL('./tables/', import.meta.url));
  return createHash('sha256').update(schema).update(sources).digest().readInt32BE(0) || 1;
}
