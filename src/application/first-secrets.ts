import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets made for the first user of a company. They are shown once the company is recorded. */
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
 * Keeps secrets from before the company is recorded until they are shown.
 * Without it, a process that ends in between would leave a company that no user can sign in to.
 * The secrets are in a file that only its owner may read. For a log in memory they are in memory, too.
 */
export class FirstSecretsFile {
  private readonly path: string | undefined;
  private held: FirstSecrets | undefined;

  /** @param directory undefined for a log in memory */
  constructor(directory: string | undefined) {
    this.path = directory === undefined ? undefined : join(directory, 'first-secrets.json');
  }

  /** @throws Error when the file is there and cannot be read */
  read(): FirstSecrets | undefined {
    if (this.held || this.path === undefined) return this.held;
    try {
      const content: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      this.held = isFirstSecrets(content) ? content : undefined;
    } catch (error) {
      // A file that was not written to its end belongs to a company that was not recorded.
      if (!isMissing(error) && !isMalformed(error)) throw error;
    }
    return this.held;
  }

  /** The secrets are on disk when it returns. */
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
