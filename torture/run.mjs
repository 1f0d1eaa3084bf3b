import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attack } from './attack.mjs';
import { line, receivers } from './receivers.mjs';

const help = `Puts Muster under strain and measures what others notice of it.

  npm run torture -- attack [options]      what another tenant notices of an attack by all means
  npm run torture -- receivers [options]   what bad receivers change for another webhook and for commands

  --minutes N   how long (5)
  --help        this text

The service runs with a heap of 512 MB in a directory for temporary files, and listens at 127.0.0.1 alone.
Generator and service share the machine: two cores at least. The exit status is 1

- of attack: when a request of the other tenant failed, when its p99 is above 250 ms, when more than 400 MB were
  resident, or when the process has ended;
- of receivers: when a command failed or an event was missing, when the p95 of the good webhook or the p99 of
  commands is more than a quarter and 5 ms above what it is without bad receivers, when more than 100 MB more were
  resident, or when the process has ended.
`;

const programs = { attack: runAttack, receivers: runReceivers };

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string', default: '5' }, help: { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes);
  if (values.help || positionals.length === 0) process.stdout.write(help);
  else if (!Object.hasOwn(programs, positionals.join()))
    throw new Error(`There is only: ${Object.keys(programs).join(', ')}`);
  else if (!(minutes > 0 && minutes <= 60))
    throw new Error('--minutes must be a number above 0, and 60 at most');
  else process.exitCode = (await run(programs[positionals.join()], minutes)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
process.exit();

async function run(program, minutes) {
  const temporary = mkdtempSync(join(tmpdir(), 'muster-torture-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const directory = join(temporary, 'data');
  mkdirSync(directory);
  say(`Node ${process.version}, ${cpus().length} cores, ${minutes} minutes`);
  const unreached = await program(minutes, directory);
  for (const one of unreached) say(`Not reached: ${one}`);
  if (unreached.length === 0) say('Everything was reached.');
  return unreached.length === 0;
}

async function runReceivers(minutes, directory) {
  const { figures, unreached } = await receivers({ minutes, directory, say });
  for (const [name, one] of Object.entries(figures)) say(`In all, ${name} bad receivers: ${line(one)}`);
  return unreached;
}

async function runAttack(minutes, directory) {
  const { figures, failures, counts, unreached } = await attack({ minutes, directory, say });
  for (const [name, statuses] of counts)
    say(
      `  ${name}: ${[...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${count} × ${status || 'no answer'}`)
        .join(', ')}`,
    );
  for (const failure of failures.slice(0, 10)) say(`  failed: ${JSON.stringify(failure)}`);
  const { requests, p50, p99, longest, signIns, longestSignIn, memory } = figures;
  say(
    `The victim: ${requests} requests, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, longest ${longest.toFixed(0)} ms; ${signIns} sign-ins, longest ${longestSignIn.toFixed(0)} ms`,
  );
  say(`Resident at most: ${memory} MB`);
  return unreached;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
