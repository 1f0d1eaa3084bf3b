import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
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
 * The version of the rows: a hash of the schema, and of the text of all code that writes rows, with whatever it imports.
 * Views of another version are made anew, so that a changed handler needs no number to be raised by hand.
 */
export function schemaVersion(): number {
  const hash = createHash('sha256').update(schema);
  const folder = new URL('./tables/', import.meta.url);
  const files = new Set(
    readdirSync(folder)
      .filter(isSource)
      .sort()
      .map((name) => new URL(name, folder).href),
  );
  // A set is walked through with what is added meanwhile.
  for (const file of files) {
    const text = readFileSync(fileURLToPath(file), 'utf8');
    hash.update('\0').update(text);
    for (const [, target = ''] of text.matchAll(/\bfrom .(\.{1,2}\/[\w/.-]+)\.js/g))
      files.add(new URL(target + extname(import.meta.url), file).href);
  }
  return hash.digest().readInt32BE(0) || 1;
}

function isSource(name: string): boolean {
  return extname(name) === extname(import.meta.url);
}
