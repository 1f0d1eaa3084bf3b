import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What was made for the first user of a company, and is shown once the company is recorded. */
export interface FirstSecrets {
  readonly account: string;
  readonly user_id: string;
  readonly email: string;
  /** Absent when it was given. */
  readonly password?: string;
  /** Absent when it was given. */
  readonly api_key?: string;
}

/**
 * Keeps secrets from before the company is recorded until they were shown, so that a process that ends in between leaves
 * no company behind that nobody can sign in to: in a file that its owner alone may read, or for a log in memory there.
 */
export class FirstSecretsFile {
  private readonly path: string | undefined;
  private held: FirstSecrets | undefined;

  /** @param directory undefined for a log in memory */
  constructor(directory: string | undefined) {
    this.path = directory === undefined ? undefined : join(directory, 'first-secrets.json');
  }

  /** @throws Error when the file can neither be read nor be missing */
  read(): FirstSecrets | undefined {
    if (this.held || this.path === undefined) return this.held;
    try {
      const content: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      this.held = isFirstSecrets(content) ? content : undefined;
    } catch (error) {
      // One that was not written to its end belongs to a company that was not recorded.
      if (!isMissing(error) && !isMalformed(error)) throw error;
    }
    return this.held;
  }

  /** They are on disk when it returns. */
  write(secrets: FirstSecrets): void {
    this.held = secrets;
    if (this.path === undefined) return;
    rmSync(this.path, { force: true });
    const file = openSync(this.path, 'wx', 0o600);
    try {
      writeSync(file, JSON.stringify(secrets));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  remove(): void {
    this.held = undefined;
    if (this.path !== undefined) rmSync(this.path, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function isMalformed(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'SyntaxError';
}

function isFirstSecrets(content: unknown): content is FirstSecrets {
  if (typeof content !== 'object' || content === null) return false;
  const { account, user_id, email, password, api_key }: Partial<Record<keyof FirstSecrets, unknown>> =
    content;
  return (
    [account, user_id, email].every((value) => typeof value === 'string') &&
    [password, api_key].every((value) => value === undefined || typeof value === 'string')
  );
}
