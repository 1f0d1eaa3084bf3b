import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { PRIVATE_FILE } from './data-directory.js';
import { MAX_APPEND_BYTES } from './event-store.js';
import type { Database } from './sqlite.js';
import { explain, isEnvironmental } from './sqlite-failure.js';

const INTERVAL_MS = 1_000;

/** Hears once when nothing can be written any more, why and what to do; with undefined when it can again. */
export type TroubleListener = (trouble: string | undefined) => void;

/** Whether a log in a file can be written: known from the last append, and while that failed tried again by itself. */
export class Writability {
  private current: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly path: string,
    private readonly onTrouble: TroubleListener,
  ) {}

  /** Why nothing can be written for now; undefined while it can. */
  get trouble(): string | undefined {
    return this.current;
  }

  failed(error: unknown): void {
    if (this.current !== undefined) return;
    this.current = `The event log ${this.path} cannot be written: ${explain(error)}`;
    this.onTrouble(this.current);
    // What is damaged does not mend by itself.
    if (isEnvironmental(error)) this.timer = setInterval(() => this.tryAgain(), INTERVAL_MS).unref();
  }

  succeeded(): void {
    this.close();
    if (this.current === undefined) return;
    this.current = undefined;
    this.onTrouble(undefined);
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tryAgain(): void {
    try {
      this.findRoom();
      this.database.exec('BEGIN IMMEDIATE; UPDATE log SET id = id; COMMIT');
    } catch {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      return;
    }
    this.succeeded();
  }

  /** Room for one byte would be gone with the next append: as much is asked for as the largest one takes. */
  private findRoom(): void {
    const probe = `${this.path}.room`;
    try {
      const file = openSync(probe, 'w', PRIVATE_FILE);
      try {
        writeFileSync(file, Buffer.alloc(MAX_APPEND_BYTES));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } finally {
      rmSync(probe, { force: true });
    }
  }
}
