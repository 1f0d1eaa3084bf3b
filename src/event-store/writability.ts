import { findRoom } from './room.js';
import { atOnce, type Database } from './sqlite.js';
import { explain, isEnvironmental } from './sqlite-failure.js';

const INTERVAL_MS = 1_000;

/**
 * Is told once when nothing can be written any more: why, and what to do. It gets undefined
 * when writes work again.
 */
export type TroubleListener = (trouble: string | undefined) => void;

/**
 * Whether a log in a file can be written. An append may fail because of the file's surroundings. Writability
 * is then tried every second. An append that succeeds meanwhile proves nothing, as the next one may be too
 * large for the room left.
 */
export class Writability {
  private current: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly path: string,
    private readonly onTrouble: TroubleListener,
  ) {}

  /** Why nothing can be written for now; undefined while writes work. */
  get trouble(): string | undefined {
    return this.current;
  }

  failed(error: unknown): void {
    if (this.current !== undefined) return;
    this.current = `The event log ${this.path} cannot be written: ${explain(error)}`;
    this.onTrouble(this.current);
    // A damaged file does not mend by itself, so there is no use in trying again.
    if (isEnvironmental(error)) this.timer = setInterval(() => this.tryAgain(), INTERVAL_MS).unref();
  }

  succeeded(): void {
    if (this.current !== undefined && !this.timer) this.recover();
  }

  /** Finds out at once whether the log can be written. */
  doubt(): void {
    if (this.current !== undefined) return;
    try {
      this.probe();
    } catch (error) {
      this.failed(error);
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tryAgain(): void {
    try {
      this.probe();
    } catch {
      return;
    }
    this.recover();
  }

  private recover(): void {
    this.close();
    this.current = undefined;
    this.onTrouble(undefined);
  }

  private probe(): void {
    findRoom(this.path);
    atOnce(this.database, () => this.database.exec('UPDATE log SET id = id'));
  }
}
