import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { audit } from './audit.mjs';
import { feed } from './feed.mjs';
import { storedMemberships } from './log.mjs';
import { prepare } from './prepare.mjs';
import { lists, reads } from './reads.mjs';
import { rebuild } from './rebuild.mjs';
import { table } from './report.mjs';
import { lone, writes } from './writes.mjs';

/** In this order; the last one of the usual ones starts the service anew. */
const scenarios = { writes, lone, reads, lists, rebuild, audit, feed };
/** The others take minutes by themselves. */
const usual = ['writes', 'lone', 'reads', 'lists', 'rebuild'];
const ROUNDS = 5;
const TMPFS = 0x01021994;
/** How long an event of a long log takes at most until it can be asked about, in milliseconds. */
const MS_AN_EVENT = 2;

const help = `Measures Muster against bare node:http and against the disk, in one run.

  npm run bench -- [options]

  --seconds N    how long a server is loaded at a time, in each of ${ROUNDS} rounds (2); less where that is enough
  --only NAME    only this scenario, may be given several times: ${Object.keys(scenarios).join(', ')}
  --events N     how long the logs of the scenarios audit (1000000) and feed (100000 at most) are, which run only
                 where they are named
  --json FILE    also write the results there
  --profile DIR  also write V8 profiles of the service there (which slow it down)
  --help         this text

BENCH_DIR is a directory on the disk to measure (default: the system's directory for temporary files).
Speed is not a test: the exit status is 0 whatever was measured. It is 1 when something did not work,
above all when a write that was acknowledged is not in the log.
`;

try {
  const options = readOptions();
  if (options.help) process.stdout.write(help);
  else await run(options);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '2' },
      only: { type: 'string', multiple: true, default: usual },
      events: { type: 'string', default: '1000000' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error('--seconds must be a number above 0');
  if (!values.only.every((name) => Object.hasOwn(scenarios, name)))
    throw new Error(`--only knows ${Object.keys(scenarios).join(', ')}`);
  const events = Number(values.events);
  if (!(events >= 2000)) throw new Error('--events must be a number of 2000 at least');
  const names = Object.keys(scenarios).filter((name) => values.only.includes(name));
  return { ...values, seconds, events, names };
}

async function run({ seconds, events, names, json, profile }) {
  const temporary = mkdtempSync(join(process.env.BENCH_DIR || tmpdir(), 'muster-bench-'));
  // Also when it is interrupted; by then children.mjs has ended the processes that use it.
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  if (statfsSync(temporary).type === TMPFS)
    say(
      'The directory for temporary files is in memory, where a sync costs nothing: set BENCH_DIR to one on a disk.',
    );
  say(`Node ${process.version}, ${cpus().length} cores, load average ${busy()} at the start`);
  const begin = performance.now();
  const isLong = names.includes('audit') || names.includes('feed');
  const patience = (60 + 50 * seconds) * 1000 + (isLong ? events * MS_AN_EVENT : 0);
  setTimeout(() => giveUp(patience), 1.5 * patience).unref();

  say('preparing …');
  const directoryPath = join(temporary, 'data');
  mkdirSync(directoryPath);
  const bench = await prepare({
    directoryPath,
    names,
    seconds: ROUNDS * seconds,
    profileDirectory: profile,
  });
  Object.assign(bench, {
    ...{
      directoryPath,
      say,
      events,
      profile,
      milliseconds: seconds * 1000,
      warmUpMs: Math.min(2000, seconds * 1000),
    },
    /** So many that they fit into the time there is, but one at least. */
    *rounds() {
      for (let round = 0; round < ROUNDS; round += 1)
        if (round === 0 || performance.now() - begin < patience) yield round;
    },
  });
  const rows = [];
  for (const name of names) {
    say(`${name} …`);
    try {
      rows.push(...(await scenarios[name](bench)));
    } catch (error) {
      say(`${name} did not work: ${error.stack}`);
      process.exitCode = 1;
    }
  }
  say(`\n${table(rows)}\n`);
  const check = await verify(bench);
  say(check.sentence);
  say(`It took ${Math.round((performance.now() - begin) / 1000)} s; load average ${busy()} at the end.`);
  if (json !== undefined) writeJson(json, { seconds, rows, check });
  if (!check.isWhole) process.exitCode = 1;
  process.exit();
}

/** Asks the API for the number of members, stops the service and looks whether all it acknowledged is in the log, once. */
async function verify({ hot, clients, service, directoryPath }) {
  const sources = clients === undefined ? [hot] : [hot, clients];
  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
  const counted = sum(await Promise.all(sources.map((source) => source.counted())));
  await service.stop();
  const memberships = storedMemberships(directoryPath);
  const stored = new Set(memberships);
  const acknowledged = sum(sources.map((source) => source.acknowledged));
  const missing = sum(sources.map((source) => source.missingFrom(stored)));
  const doubled = memberships.length - stored.size;
  const isWhole = missing === 0 && doubled === 0 && counted === stored.size && acknowledged === stored.size;
  const sentence =
    `${isWhole ? 'Nothing lost' : 'WRONG'}: ${acknowledged} memberships acknowledged, ${memberships.length} in the log ` +
    `(${doubled} doubled, ${missing} missing), ${counted} counted by the API.`;
  return { isWhole, acknowledged, stored: memberships.length, doubled, missing, counted, sentence };
}

function writeJson(file, results) {
  const about = { date: new Date().toISOString(), node: process.version, cores: cpus().length };
  writeFileSync(file, `${JSON.stringify({ ...about, ...results }, undefined, 2)}\n`);
}

/** How many processes wanted to run during the last minute; above the number of cores others were in the way. */
function busy() {
  return loadavg()[0].toFixed(1);
}

function giveUp(patience) {
  say(`Gave up after ${Math.round((1.5 * patience) / 1000)} s.`);
  process.exit(1);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
