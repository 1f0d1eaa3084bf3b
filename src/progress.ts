import { SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 2_000;

/** Shows on standard error how many events of a step are done: a bar on a terminal, a line now and then elsewhere. */
export class Progress<Step extends string> {
  private step: Step | undefined;
  private bar: SingleBar | undefined;

  /** @param names what each step is called, all of the same length */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly names: Readonly<Record<Step, string>>,
  ) {}

  show(step: Step, done: number, total?: number): void {
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

  private newBar(step: Step, hasTotal: boolean): SingleBar {
    const bar = this.stream.isTTY ? '[{bar}] {percentage}% | ETA {eta_formatted} | ' : '';
    const format = `${this.names[step]} ${hasTotal ? `${bar}{value} of {total}` : '{value}'} events`;
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
