import { write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const RETRY_MS = 100;
/** How much waits at most while nothing can be written, in UTF-16 units. */
const MOST_KEPT = 1024 * 1024;

const writeTo = promisify(write);

/**
 * Where the lines of the log go, in their order and in the background. What cannot be written, to a full disk for one,
 * is kept up to a limit and tried again: the log never ends the process, nor holds it up.
 */
export class LogOutput {
  private lines: string[] = [];
  private kept = 0;
  private lost = 0;
  /** What was taken from the lines and is not written yet. */
  private rest = Buffer.alloc(0);
  private isWriting = false;
  private retry: NodeJS.Timeout | undefined;
  private flushed: (() => void)[] = [];

  constructor(private readonly fd = 1) {}

  /** Hears how many lines did not fit, once lines can be written again. */
  onLost: (lines: number) => void = () => undefined;

  write(line: string): void {
    if (this.kept + line.length > MOST_KEPT) {
      this.lost += 1;
      return;
    }
    this.kept += line.length;
    this.lines.push(line);
    if (!this.retry) void this.writeOn();
  }

  /** Calls back when all was written, or could not be. */
  flush(done: () => void = () => undefined): void {
    this.flushed.push(done);
    void this.writeOn();
  }

  /** For the last lines of a process: what cannot be written now stays. */
  flushSync(): void {
    // What is being written in the background is not written twice.
    const { isWriting } = this;
    let left = isWriting ? this.take() : Buffer.concat([this.rest, this.take()]);
    try {
      while (left.length > 0) left = left.subarray(writeSync(this.fd, left));
    } catch {
      // A process ends also where nothing can be written.
    }
    if (isWriting) this.lines.unshift(left.toString());
    else this.rest = left;
  }

  private async writeOn(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    clearTimeout(this.retry);
    this.retry = undefined;
    try {
      while (this.rest.length > 0 || this.lines.length > 0) {
        if (this.rest.length === 0) this.rest = this.take();
        const { bytesWritten } = await writeTo(this.fd, this.rest);
        this.rest = this.rest.subarray(bytesWritten);
      }
    } catch {
      this.retry = setTimeout(() => void this.writeOn(), RETRY_MS).unref();
    }
    this.isWriting = false;
    for (const done of this.flushed.splice(0)) done();
    if (!this.retry) this.tellOfLost();
  }

  private tellOfLost(): void {
    const { lost } = this;
    this.lost = 0;
    if (lost > 0) this.onLost(lost);
  }

  private take(): Buffer<ArrayBuffer> {
    const taken = Buffer.from(this.lines.join(''));
    this.lines = [];
    this.kept = 0;
    return taken;
  }
}
