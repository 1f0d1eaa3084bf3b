import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE } from '../event-store/data-directory.js';

/** The secret that a single instance makes once and keeps in its data directory. Only its owner may read it. */
export class SecretFile {
  private readonly path: string | undefined;
  private held: string | undefined;

  /** @param directory undefined for a log in memory: the secret then lives as long */
  constructor(directory: string | undefined) {
    this.path = directory === undefined ? undefined : join(directory, 'secret');
  }

  /** @returns undefined when there is none @throws Error when the file is there and cannot be read */
  read(): string | undefined {
    if (this.held !== undefined || this.path === undefined) return this.held;
    try {
      const text = readFileSync(this.path, 'utf8').trim();
      // A text that is shorter was not written to its end: nothing was sealed with it.
      this.held = text.length < 32 ? undefined : text;
    } catch (error) {
      if (!(error instanceof Object && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    return this.held;
  }

  /** The secret, made now when there is none. It is on disk when it returns. */
  readOrMake(): string {
    const known = this.read();
    if (known !== undefined) return known;
    const made = randomBytes(32).toString('hex');
    if (this.path !== undefined) {
      const file = openSync(this.path, 'w', PRIVATE_FILE);
      try {
        writeSync(file, `${made}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }
    return (this.held = made);
  }
}
