import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attack } from './attack.mjs';

const help = `Attacks Muster and measures what another tenant notices of it.

  npm run torture -- attack [options]

  --minutes N   how long (5)
  --help        this text

The service runs with a heap of 512 MB in a directory for temporary files, and listens at 127.0.0.1 alone.
The exit status is 1 when a request of the other tenant failed, when its p99 is above 250 ms, when more than 400 MB
were resident, or when the process has ended. Generator and service share the machine: two cores at least.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string', default: '5' }, help: { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes);
  if (values.help || positionals.length === 0) process.stdout.write(help);
  else if (positionals.join() !== 'attack') throw new Error('There is only: attack');
  else if (!(minutes > 0 && minutes <= 60))
    throw new Error('--minutes must be a number above 0, and 60 at most');
  else process.exitCode = (await run(minutes)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
process.exit();

async function run(minutes) {
  const temporary = mkdtempSync(join(tmpdir(), 'muster-torture-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const directory = join(temporary, 'data');
  mkdirSync(directory);
  say(`Node ${process.version}, ${cpus().length} cores, ${minutes} minutes`);
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
  for (const one of unreached) say(`Not reached: ${one}`);
  if (unreached.length === 0) say('Everything was reached.');
  return unreached.length === 0;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
