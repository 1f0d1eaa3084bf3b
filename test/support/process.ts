import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from './pause.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Other states of the sources may be under test elsewhere, but not for that long. */
const OLD_AFTER_MS = 3_600_000;
const cache = join(root, 'node_modules/.cache/muster-process');

/**
 * The service compiled as its build does, below node_modules so that it finds its packages.
 * It is compiled once for all test files, and again when a source has changed; types are checked elsewhere.
 * @returns the directory of the package, with dist/main.js
 */
function compiledService(): string {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const hash = createHash('sha256');
  for (const file of sources) hash.update(file).update(readFileSync(join(root, 'src', file)));
  const output = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(output)) return output;
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache)) {
    const isUnused = Date.now() - statSync(join(cache, old)).mtimeMs > OLD_AFTER_MS;
    if (isUnused) rmSync(join(cache, old), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(cache, 'draft-'));
  copyFileSync(join(root, 'package.json'), join(draft, 'package.json'));
  if (isBuilt(sources)) cpSync(join(root, 'dist'), join(draft, 'dist'), { recursive: true });
  else {
    const options = ['-p', join(root, 'tsconfig.build.json'), '--noCheck', '--outDir', join(draft, 'dist')];
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], {
      cwd: root,
    });
  }
  try {
    renameSync(draft, output);
  } catch {
    // Another test file has compiled the same meanwhile.
    rmSync(draft, { recursive: true });
  }
  return output;
}

/** Whether `dist` is a build of the sources as they are: as CI has just made it. */
function isBuilt(sources: readonly string[]): boolean {
  const made = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const built = made('dist/main.js');
  const inputs = [...sources.map((file) => join('src', file)), 'tsconfig.json', 'tsconfig.build.json'];
  const outputs = sources.map((file) => join('dist', file.replace(/\.ts$/, '.js')));
  return inputs.every((file) => made(file) < built) && outputs.every((file) => made(file) > 0);
}

type Settings = Readonly<Record<string, string>>;

/** Goes before a command that is to be bound by the modes of files, as everybody is but root. */
export const boundByModes: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

/** The service in a process of its own, started as an operator does: by environment and arguments. */
export class ServiceProcess {
  private static readonly running = new Set<ChildProcess>();
  stdout = '';
  stderr = '';
  /** Resolves with the exit code, null when a signal ended it; the output is whole then. */
  readonly ended: Promise<number | null>;
  private onOutput: () => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
    ServiceProcess.running.add(child);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.onOutput();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.onOutput();
    });
    this.ended = once(child, 'close').then(([code]) => {
      ServiceProcess.running.delete(child);
      return code as number | null;
    });
  }

  /**
   * Starts it without waiting for anything. It knows no setting but these and a free port.
   * @param script another command of the service; a path: the main script of another build
   * @param launcher the beginning of the command, which runs the rest
   */
  static spawn(
    settings: Settings,
    args: readonly string[] = [],
    script = 'main.js',
    launcher: readonly string[] = [],
  ): ServiceProcess {
    const main = isAbsolute(script) ? script : join(compiledService(), 'dist', script);
    const env = { PATH: process.env['PATH'], PORT: '0', ...settings };
    const options = { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() } satisfies SpawnOptions;
    const [command = '', ...rest] = [...launcher, process.execPath, '--enable-source-maps', main, ...args];
    return new ServiceProcess(spawn(command, rest, options));
  }

  /** Starts it and waits until it is ready to serve. */
  static async start(
    settings: Settings,
    launcher: readonly string[] = [],
    script = 'main.js',
  ): Promise<{ service: ServiceProcess; url: string }> {
    const service = ServiceProcess.spawn(settings, [], script, launcher);
    const url = await service.listening();
    while ((await fetch(`${url}/health/ready`)).status !== 200) await pause();
    return { service, url };
  }

  /** Ends whatever a test left running; for afterEach. */
  static async killAll(): Promise<void> {
    const left = [...ServiceProcess.running];
    for (const child of left) child.kill('SIGKILL');
    await Promise.all(left.map((child) => once(child, 'close')));
  }

  /** The address that its log says it listens at. */
  async listening(): Promise<string> {
    for (;;) {
      const [, url] = /"message":"Listening at ([^"]+)"/.exec(this.stdout) ?? [];
      if (url !== undefined) return url;
      const ended = await Promise.race([this.ended.then(() => true), this.nextOutput()]);
      if (ended) throw new Error(`The service ended before it listened:\n${this.stdout}${this.stderr}`);
    }
  }

  /** Waits until it has said this, in its log or on standard error. */
  async says(text: string): Promise<void> {
    while (!this.stderr.includes(text) && !this.stdout.includes(text)) {
      const ended = await Promise.race([this.ended.then(() => true), this.nextOutput()]);
      if (ended) throw new Error(`It ended before it said "${text}":\n${this.stdout}${this.stderr}`);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks it to stop and waits for its end. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    return this.ended;
  }

  /** The lines of its log. @throws SyntaxError when one of them is not JSON */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  private nextOutput(): Promise<false> {
    return new Promise((resolve) => (this.onOutput = () => resolve(false)));
  }
}

/** A directory of the test's own for data directories. */
export class DataDirectories {
  private readonly root = mkdtempSync(join(tmpdir(), 'muster-data-'));

  /** The path of a directory that nobody has used yet; it need not exist. */
  at(name: string): string {
    return join(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
