import { logWarnings } from './node-warnings.js';
import { type Config, readConfig } from './config/config.js';
import { ConfigError, defaultOf } from './config/setting.js';
import { fileVariables, settings } from './config/settings.js';
import { unknownSettings } from './config/unknown-settings.js';
import { StoreUnusable } from './event-store/event-store.js';
import { createLog } from './json-logger.js';
import { LogOutput } from './log-output.js';
import { version } from './version.js';

/** How long a stop may take, in milliseconds, before it is forced. */
const STOP_PATIENCE_MS = 15_000;

const known = ['--help', '-h', '--version', '-v'];
const given = process.argv.slice(2);
const unknown = given.filter((argument) => !known.includes(argument));

if (unknown.length > 0)
  refuse(`Muster does not take the argument ${unknown.join(' ')} here; --help lists arguments and settings`);
else if (given.some((argument) => /^(--help|-h)$/.test(argument))) help();
else if (given.length > 0) process.stdout.write(`${version()}\n`);
else await run();

function refuse(reason: string): never {
  tell(reason);
  process.exit(1);
}

function tell(reason: string): void {
  process.stderr.write(`Muster does not start:\n${reason}\n`);
}

function help(): void {
  const lines = Object.values(settings).map(
    (setting) => `  ${setting.name.padEnd(24)}${setting.meaning} (${defaultOf(setting)})`,
  );
  process.stdout.write(
    `Muster, a directory of users, groups and roles.\n\n  --help      shows this\n  --version   shows the version\n\nSettings, from the environment:\n${lines.join('\n')}\n\nA secret can stand in a file instead, which one of these names:\n  ${fileVariables.join('\n  ')}\n`,
  );
}

async function run(): Promise<void> {
  try {
    await serve(readConfig(process.env));
  } catch (error) {
    refuse(reasonOf(error));
  }
}

async function serve(config: Config): Promise<void> {
  const output = new LogOutput();
  const log = createLog(config.logLevel, output);
  process.on('exit', () => output.flushSync());
  // To say something where that cannot be written is no reason to end.
  process.stderr.on('error', () => undefined);
  logWarnings(log);
  // Most of the program: what only tells something, or is refused for its settings, has not loaded it.
  const { createApp, listen } = await import('./app.js');
  const { Lifecycle } = await import('./application/lifecycle.js');
  const app = await createApp(config, log);
  const exit = (code: number) => output.flush(() => process.exit(code));
  let isStopping = false;
  const stop = (reason: string, code: number) => {
    if (isStopping) return;
    isStopping = true;
    log.info(`Stopping: ${reason}`);
    setTimeout(() => exit(1), STOP_PATIENCE_MS).unref();
    app.close().then(
      () => exit(code),
      (error: unknown) => {
        log.error({ error: String(error) }, 'The stop failed');
        exit(1);
      },
    );
  };
  // Not once: npm passes on a Ctrl-C that the terminal has sent here as well.
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  // What nobody has caught leaves the process in a state that nobody knows: what is under way is finished, no more.
  for (const event of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ error: error instanceof Error ? error.stack : String(error) }, event);
      stop(event, 1);
    });
  for (const warning of unknownSettings(process.env)) log.warn(warning);
  const { url, operationsPort } = await listen(app, config);
  log.info(`Listening at ${url}`);
  if (operationsPort !== undefined) log.info(`Health and metrics are at port ${operationsPort}`);
  app.get(Lifecycle).started.catch((error: unknown) => {
    tell(reasonOf(error));
    stop('the start failed', 1);
  });
}

/** With a stack only where nobody knows what to do. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreUnusable) return error.message;
  if (isListenError(error))
    return `${error.message}; HOST, PORT and MUSTER_OPERATIONS_PORT say where to listen`;
  return error instanceof Error ? String(error.stack) : String(error);
}

function isListenError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && /^(listen|getaddrinfo)$/.test(String(error.syscall));
}
