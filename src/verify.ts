import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LogVerification } from './application/log-verification.js';
import type { Fault, Watch } from './application/verification-watch.js';
import { ViewsCheck } from './application/views-check.js';
import { type Config, readConfig } from './config/config.js';
import { ConfigError } from './config/setting.js';
import { DirectoryInUse } from './event-store/directory-lock.js';
import { EventIds } from './event-store/event-ids.js';
import { LogDamaged, StoreUnavailable, StoreUnusable } from './event-store/event-store.js';
import type { LogAddress } from './event-store/log-address.js';
import type { LogReader } from './event-store/log-reader.js';
import { openLogReader } from './event-store/opened-log.js';
import { FaultList } from './fault-list.js';
import { Progress } from './progress.js';
import { HeldViews, ViewsDamaged } from './read/held-views.js';
import { Views } from './read/views.js';
import { ViewsLost } from './read/views-database.js';
import { version } from './version.js';

const help = `Checks the whole log, and the views that were made from it; changes neither.

  npm run verify

  --help      shows this
  --version   shows the version

It checks order, gaps and ids of the log, and that every event can be read and fits those before it. It checks that
views.db has exactly the rows that the log makes. EVENT_STORE, MUSTER_STREAM_PREFIX and MUSTER_DATA_DIR name log and
views, as for npm start. A log in SQLite must not be in use: stop the service, or check a backup. The check makes large
files in TMPDIR and removes them again.
Exit codes: 0 no faults, 1 faults, 2 the check was not possible.
`;

const steps = { read: 'Reading  ', check: 'Checking ', compare: 'Comparing' };

/** It cannot be checked; the message says why and what to do. */
class Unchecked extends Error {}

process.exitCode = await run();

async function run(): Promise<number> {
  const faults = new FaultList(process.stdout);
  try {
    const text = asked();
    if (text === undefined) await verify(readConfig(process.env), faults);
    else process.stdout.write(text);
  } catch (error) {
    if (!(error instanceof LogDamaged)) {
      process.stderr.write(`The log was not checked: ${explain(error)}\n`);
      return 2;
    }
    faults.add({ what: error.message });
  }
  return faults.count === 0 ? 0 : 1;
}

/** @returns the text that is asked for in place of a check */
function asked(): string | undefined {
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({ options: { help: flag, version: flag } });
    if (values.help === true) return help;
    return values.version === true ? `${version()}\n` : undefined;
  } catch (error) {
    throw new Unchecked(
      `${error instanceof Error ? error.message : String(error)}; --help shows what can be said`,
    );
  }
}

async function verify(config: Config, faults: FaultList): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'muster-verify-'));
  try {
    const log = openLogReader(addressOf(config), config.streamPrefix);
    try {
      await verifyLog(log, join(resolve(config.dataDirectory), 'views.db'), scratch, faults);
    } finally {
      await log.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function addressOf({ eventStore, dataDirectory }: Config): LogAddress {
  if (eventStore === 'memory') throw new Unchecked('a log in memory ends with its process');
  if (eventStore === 'sqlite') return { type: 'sqlite', directory: resolve(dataDirectory) };
  return { type: 'esdb', connectionString: eventStore };
}

async function verifyLog(
  log: LogReader,
  viewsPath: string,
  scratch: string,
  faults: FaultList,
): Promise<void> {
  const abort = new AbortController();
  // Not once: npm passes on a Ctrl-C that the terminal has sent here as well.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => abort.abort(new Unchecked('it was stopped')));
  const progress = new Progress(process.stderr, steps);
  const watch: Watch = {
    signal: abort.signal,
    onFault: (fault: Fault) => faults.add(fault),
    onNote: (note) => process.stdout.write(`${note}\n`),
    onProgress: (...state) => progress.show(...state),
  };
  const rebuiltPath = join(scratch, 'views.db');
  const rebuilt = Views.open(rebuiltPath);
  const ids = new EventIds(join(scratch, 'ids.db'));
  const held = heldViews(viewsPath, rebuiltPath, await log.logId(), watch);
  try {
    const views = new ViewsCheck(rebuilt, held, watch);
    const { events, accounts } = await new LogVerification(log, ids, views, watch).run();
    if (events === 0 && faults.count === 0)
      throw new Unchecked('it holds no account; see EVENT_STORE, MUSTER_STREAM_PREFIX and MUSTER_DATA_DIR');
    progress.stop();
    faults.close(events, accounts, held !== undefined);
  } finally {
    progress.stop();
    held?.close();
    ids.close();
    rebuilt.database.close();
  }
}

/** @returns undefined when there are none to compare; that is told then */
function heldViews(
  path: string,
  rebuilt: string,
  logId: string | undefined,
  watch: Watch,
): HeldViews | undefined {
  try {
    const held = HeldViews.open(path, rebuilt, logId);
    if (typeof held !== 'string') return held;
    watch.onNote(held);
  } catch (error) {
    if (!(error instanceof ViewsDamaged)) throw error;
    watch.onFault({
      what: `${error.message}; stop Muster and delete it, it is built anew at the next start`,
    });
  }
  return undefined;
}

function explain(error: unknown): string {
  if (error instanceof DirectoryInUse)
    return `${error.message}, or check a backup: sqlite3 events.db ".backup copy/events.db", then MUSTER_DATA_DIR=copy`;
  const isExpected = [Unchecked, ConfigError, StoreUnavailable, StoreUnusable, ViewsLost].some(
    (kind) => error instanceof kind,
  );
  return isExpected && error instanceof Error
    ? error.message
    : String(error instanceof Error ? error.stack : error);
}
