import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** TypeScript, or what it is compiled to. */
const source = /(?<!\.d)\.[jt]s$/;

/**
 * A SHA-256 of the text of all sources in a folder, and of all that they import by a relative path.
 * What was made by code of another hash is made anew, so that no number must be raised by hand when the code changes.
 * @param folder ends in a slash
 */
export function sourceHash(folder: URL): Buffer {
  const hash = createHash('sha256');
  const names = readdirSync(folder).filter((name) => source.test(name));
  const files = new Set(names.sort().map((name) => new URL(name, folder).href));
  // A set is walked through with what is added meanwhile.
  for (const file of files) {
    const text = readFileSync(new URL(file), 'utf8');
    hash.update('\0').update(text);
    for (const [, target = ''] of text.matchAll(/\bfrom .(\.{1,2}\/[\w/.-]+)\.js/g))
      files.add(new URL(target + extname(file), file).href);
  }
  return hash.digest();
}
