import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** The name of a TypeScript source or its compiled form. */
const source = /(?<!\.d)\.[jt]s$/;

/**
 * A SHA-256 of all sources in a folder, and of all files that they import by a relative path. What was made
 * by code with another hash is made anew. So a change of the code needs no version number.
 * @param folder ends in a slash
 */
export function sourceHash(folder: URL): Buffer {
  const hash = createHash('sha256');
  const names = readdirSync(folder).filter((name) => source.test(name));
  const files = new Set(names.sort().map((name) => new URL(name, folder).href));
  // The loop also reaches what is added to the set meanwhile.
  for (const file of files) {
    const text = readFileSync(new URL(file), 'utf8');
    hash.update('\0').update(text);
    for (const [, target = ''] of text.matchAll(/\bfrom .(\.{1,2}\/[\w/.-]+)\.js/g))
      files.add(new URL(target + extname(file), file).href);
  }
  return hash.digest();
}
