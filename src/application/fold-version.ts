import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../domain/', import.meta.url);

/**
 * A hash of the code that folds events into a state: all of the domain.
 * Other code may lead to another state, so a snapshot is good for the code that made it alone.
 */
export const foldVersion: string = (() => {
  const hash = createHash('sha256');
  const sources = readdirSync(folder).filter((name) => /\.(ts|js)$/.test(name));
  for (const name of sources.sort()) hash.update(`${name}\n`).update(readFileSync(new URL(name, folder)));
  return hash.digest('hex');
})();
