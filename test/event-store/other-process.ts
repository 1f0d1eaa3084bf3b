import { transformFileSync } from '@swc/core';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const source = fileURLToPath(new URL('../../src/event-store/', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** The real store, made ready for a Node process of its own; it lies below node_modules to find the packages there. */
export class CompiledStore {
  private readonly directory: string;
  private readonly running = new Set<ChildProcess>();

  constructor() {
    mkdirSync(cache, { recursive: true });
    this.directory = mkdtempSync(join(cache, 'muster-store-'));
    writeFileSync(join(this.directory, 'package.json'), '{"type":"module"}');
    for (const file of readdirSync(source)) {
      const { code } = transformFileSync(join(source, file), {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      });
      writeFileSync(join(this.directory, file.replace(/\.ts$/, '.js')), code);
    }
  }

  /** Starts a process that runs a script; the script has `SqliteEventStore` and `directory`, and says things by `say`. */
  start(script: string, directory: string): OtherProcess {
    const store = pathToFileURL(join(this.directory, 'sqlite.event-store.js')).href;
    const code = `import { SqliteEventStore } from '${store}'; import { writeSync } from 'node:fs';
      const directory = process.argv[1]; const say = (line) => writeSync(1, line + '\\n'); ${script}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    return new OtherProcess(child);
  }

  remove(): void {
    for (const child of this.running) child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true });
  }
}

export class OtherProcess {
  private readonly lines: AsyncIterator<string>;
  private readonly exit: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error('The process has no output');
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.exit = once(child, 'exit');
  }

  /** The next line it says; undefined once it has ended. */
  async hear(): Promise<string | undefined> {
    const next = await this.lines.next();
    return next.done === true ? undefined : next.value;
  }

  /** Ends it like a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}
