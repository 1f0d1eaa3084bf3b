import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { PRIVATE_FILE } from '../event-store/data-directory.js';

const NEWLINE = 0x0a;
const SLICE_BYTES = 1024 * 1024;
/** A SHA-256 in hexadecimal and the end of its line. */
const SUM_BYTES = 65;

/**
 * Writes values as lines of JSON with a checksum at the end. Only the owner may read the file.
 * The file has another name until all is written. Between the lines the event loop serves other work.
 * @throws when the file cannot be written or the signal aborts; an earlier file then stays
 */
export async function writeLines(
  path: string,
  values: Iterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', PRIVATE_FILE);
  try {
    const hash = createHash('sha256');
    for (const value of values) {
      signal.throwIfAborted();
      const line = `${JSON.stringify(value)}\n`;
      hash.update(line);
      await file.appendFile(line);
    }
    await file.appendFile(`${hash.digest('hex')}\n`);
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * The values that were written, once the checksum is found right.
 * Between the lines the event loop serves other work.
 * @throws when there is no such file or it is not whole
 */
export async function* readLines(path: string): AsyncIterable<unknown> {
  const bytes = await readFile(path);
  const end = bytes.length - SUM_BYTES;
  if (bytes.toString('latin1', end) !== `${await sumOf(bytes.subarray(0, end))}\n`)
    throw new Error('It is cut off or damaged');
  for (let from = 0; from < end;) {
    const to = bytes.indexOf(NEWLINE, from);
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    yield value;
    from = to + 1;
    await new Promise(setImmediate);
  }
}

async function sumOf(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    hash.update(bytes.subarray(from, from + SLICE_BYTES));
    await new Promise(setImmediate);
  }
  return hash.digest('hex');
}
