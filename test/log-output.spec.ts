import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createLog } from '../src/json-logger.js';
import { LogOutput } from '../src/log-output.js';

const directory = mkdtempSync(join(tmpdir(), 'muster-log-'));
const path = join(directory, 'log');
const opened: number[] = [];

function open(file: string, flags: string | number = 'a'): number {
  const descriptor = openSync(file, flags);
  opened.push(descriptor);
  return descriptor;
}
const written = () => readFileSync(path, 'utf8');
const flushed = (output: LogOutput) => new Promise<void>((resolve) => output.flush(resolve));

/** What a pipe holds, maybe nothing. */
async function readAvailable(descriptor: number): Promise<string> {
  await new Promise(setImmediate);
  const buffer = Buffer.alloc(65_536);
  try {
    return buffer.toString('utf8', 0, readSync(descriptor, buffer));
  } catch {
    return '';
  }
}

afterAll(() => {
  opened.forEach(closeSync);
  rmSync(directory, { recursive: true });
});

test('lines are written in order, those at the very end of the process as well', async () => {
  const output = new LogOutput(open(path));
  const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`);
  lines.slice(0, 500).forEach((line) => output.write(line));
  await flushed(output);
  lines.slice(500).forEach((line) => output.write(line));
  await flushed(output);
  expect(written()).toBe(lines.join(''));
  output.write('last\n');
  await flushed(output);
  output.flushSync();
  expect(written()).toBe(`${lines.join('')}last\n`);
});

test('where nothing can be written neither a line nor an end waits for it', async () => {
  // Each write to it fails as on a full disk. It stays open: this output tries for ever, and would write to whatever
  // has the number of its file next, such as a connection of another test.
  const output = new LogOutput(openSync('/dev/full', 'a'));
  const log = createLog('info', output);
  log.info('one');
  await flushed(output);
  log.fatal('two');
  output.flushSync();
  await flushed(output);
});

test('lines that cannot be written are kept and written once they can be, but not without end', async () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { O_RDWR, O_NONBLOCK } = constants;
  const both = open(pipe, O_RDWR | O_NONBLOCK);
  const output = new LogOutput(both);
  const log = createLog('info', output);
  for (let count = 0; count < 30; count += 1) {
    log.info({ count, text: 'x'.repeat(100_000) });
    await flushed(output);
  }
  let read = '';
  while (!read.includes('are lost')) {
    output.flush();
    read += await readAvailable(both);
  }
  const told = read
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { count?: number; message?: string });
  const kept = told.flatMap(({ count }) => (count === undefined ? [] : [count]));
  expect(kept).toEqual(kept.map((_, at) => at));
  expect(told.at(-1)?.message).toBe(
    `${30 - kept.length} lines of this log could not be written and are lost`,
  );
});
