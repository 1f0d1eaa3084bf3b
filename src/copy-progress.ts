import { SingleBar } from 'cli-progress';
import type { CopyStep } from './event-store/log-copy.js';

const LINE_EVERY_MS = 2_000;

const names: Record<CopyStep, string> = {
  read: 'Reading ',
  copy: 'Copying ',
  check: 'Checking',
};

/** Shows on standard error how far a copy is: a bar on a terminal, a line now and then elsewhere. */
export class CopyProgress {
  private step: CopyStep | undefined;
  private bar: SingleBar | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(step: CopyStep, done: number, total?: number): void {
    if (step !== this.step) {
      this.stop();
      this.step = step;
      this.bar = this.newBar(step, total !== undefined);
      this.bar.start(total ?? 0, done);
    }
    this.bar?.update(done);
  }

  /** Leaves the last state on the screen. */
  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private newBar(step: CopyStep, hasTotal: boolean): SingleBar {
    const bar = this.stream.isTTY ? '[{bar}] {percentage}% | ETA {eta_formatted} | ' : '';
    const format = `${names[step]} ${hasTotal ? `${bar}{value} of {total}` : '{value}'} events`;
    return new SingleBar({
      format,
      stream: this.stream,
      noTTYOutput: true,
      notTTYSchedule: LINE_EVERY_MS,
      // Without a terminal this only saves an empty line.
      clearOnComplete: !this.stream.isTTY,
      etaBuffer: 100,
    });
  }
}
