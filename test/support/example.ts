import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program of `examples/` in a process of its own. */
export class Example {
  private readonly child: ChildProcess;
  private stdout = '';
  private onOutput: () => void = () => undefined;
  private output = '';

  /** @param env the only variables that it has, besides those of the system */
  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const own = { PATH: process.env['PATH'], ...env };
    this.child = spawn(process.execPath, [join('examples', file), ...args], { env: own });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.onOutput();
      });
  }

  /** The events that it has printed. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits until it has said something. */
  async says(text: string): Promise<void> {
    await this.until(() => this.output.includes(text));
  }

  /** Waits until what it has said is enough. */
  async until(isEnough: (example: Example) => boolean): Promise<void> {
    while (!isEnough(this)) {
      const news = new Promise<void>((resolve) => (this.onOutput = resolve));
      if (this.child.exitCode !== null) throw new Error(`It has ended:\n${this.output}`);
      await Promise.race([news, once(this.child, 'close')]);
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'close');
  }
}

/** A directory for the files of examples. */
export class ExampleFiles {
  private directory: string | undefined;

  at(name: string): string {
    this.directory ??= mkdtempSync(join(tmpdir(), 'muster-example-'));
    return join(this.directory, name);
  }

  clear(): void {
    if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
    this.directory = undefined;
  }
}
