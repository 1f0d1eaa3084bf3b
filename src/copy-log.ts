import { isDeepStrictEqual, parseArgs } from 'node:util';
import { StoreUnavailable, StoreUnusable } from './event-store/event-store.js';
import { type LogAddress, logAddressForms, parseLogAddress } from './event-store/log-address.js';
import { LogCopyRefused, LogsDiffer } from './event-store/log-comparison.js';
import type { CopyResult } from './event-store/log-copy.js';
import { version } from './version.js';

const help = `Copies the event log of all accounts to another store, exactly, and checks that both are the same.

  npm run copy-log -- --from <address> --to <address>

  --from <address>        the log that is copied; it is not changed
  --to <address>          the target; empty, or with a part of the same log, which an interrupted copy has left
  --from-prefix <prefix>  prefix of the names of streams there (MUSTER_STREAM_PREFIX, or nothing)
  --to-prefix <prefix>    the same for the target
  --help                  shows this
  --version               shows the version

Addresses: ${logAddressForms}
Stop the service first. Exit codes: 0 both logs are the same, 1 they are not, 2 the command line is wrong.
`;

const steps = { read: 'Reading ', copy: 'Copying ', check: 'Checking' };

class UsageError extends Error {}

class Interrupted extends Error {}

interface Place {
  readonly address: LogAddress;
  readonly prefix: string;
}

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const places = readArguments(process.env['MUSTER_STREAM_PREFIX'] ?? '');
    process.stdout.write(
      typeof places === 'string' ? places : closingLine(await copy(places.from, places.to)),
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** @returns the text that is asked for, where it is */
function readArguments(prefix: string): { from: Place; to: Place } | string {
  const { values } = parse();
  if (values.help === true) return help;
  if (values.version === true) return `${version()}\n`;
  const place = (option: 'from' | 'to'): Place => {
    const text = values[option];
    if (text === undefined) throw new UsageError(`--${option} is missing`);
    const address = parseLogAddress(text);
    if (!address) throw new UsageError(`--${option} must be ${logAddressForms}`);
    return { address, prefix: values[`${option}-prefix`] ?? prefix };
  };
  const places = { from: place('from'), to: place('to') };
  if (isDeepStrictEqual(places.from, places.to)) throw new UsageError('--from and --to are the same log');
  return places;
}

function parse() {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  try {
    return parseArgs({
      options: { from: text, to: text, 'from-prefix': text, 'to-prefix': text, help: flag, version: flag },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function copy(from: Place, to: Place): Promise<CopyResult> {
  const abort = new AbortController();
  // Not once: npm passes on a Ctrl-C that the terminal has sent here as well.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => abort.abort(new Interrupted()));
  // The stores are large: a command line that is refused has loaded none.
  const { openLog } = await import('./event-store/opened-log.js');
  const [{ copyLog }, { Progress }] = await Promise.all([
    import('./event-store/log-copy.js'),
    import('./progress.js'),
  ]);
  const source = openLog(from.address, from.prefix, true);
  try {
    const target = openLog(to.address, to.prefix, false);
    const progress = new Progress(process.stderr, steps);
    try {
      return await copyLog(source, target, {
        signal: abort.signal,
        onProgress: (...state) => progress.show(...state),
      });
    } finally {
      progress.stop();
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function closingLine({ events, streams, hash, written, isSameOrder }: CopyResult): string {
  const order = isSameOrder ? '' : '\nThe order across streams differs; within each stream it is the same.';
  return `Both logs have ${String(events)} events in ${String(streams)} streams, ${String(written)} of them copied now; hash ${hash}${order}\n`;
}

function explain(error: unknown): string {
  const resume = 'Run the same command again to go on from here.';
  if (error instanceof UsageError) return `${error.message}; --help shows what can be said`;
  if (error instanceof Interrupted) return `Stopped. ${resume}`;
  if (error instanceof StoreUnavailable) return `The copy is not complete: ${error.message}. ${resume}`;
  const isExpected = [StoreUnusable, LogCopyRefused, LogsDiffer].some((kind) => error instanceof kind);
  if (isExpected && error instanceof Error) return `The copy is not complete: ${error.message}`;
  return `The copy failed:\n${error instanceof Error ? String(error.stack) : String(error)}`;
}
