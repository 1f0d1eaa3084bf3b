import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** What entries are made by: this folder, the fold, and what brings old events to their newest shape. */
const folders = ['./', '../domain/', '../event-store/'];

/** A hash of the code that makes the audit index: one that was made by other code is made anew. */
export function codeVersion(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const url = new URL(folder, import.meta.url);
    const names = readdirSync(url, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => extname(one) === extname(import.meta.url)).sort())
      hash.update(`${name}\n`).update(readFileSync(new URL(name, url)));
  }
  return hash.digest('hex');
}
