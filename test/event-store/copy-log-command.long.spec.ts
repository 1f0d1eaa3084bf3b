import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered } from '../support/log.js';
import { DataDirectories, ServiceProcess } from '../support/process.js';
import { a, b, contents, write } from './account-log.js';

const data = new DataDirectories();
let count = 0;
const fresh = () => data.at(String(count++));

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

const command = (...args: string[]) => ServiceProcess.spawn({}, args, 'copy-log.js');

/** Runs the command to its end. */
async function run(...args: string[]) {
  const process = command(...args);
  const code = await process.ended;
  const { stdout, stderr } = process;
  expect(stderr).not.toMatch(/\n {4}at /);
  return { code, stdout, stderr };
}

/** A log of so many events in two accounts; closed. */
async function log(events = 20): Promise<string> {
  const directory = fresh();
  const runs = Array.from({ length: events / 10 }, (_, n) => n);
  await changed(directory, (store) =>
    Promise.all(runs.map((n) => store.append(n % 2 ? b : a, Math.floor(n / 2) * 10 - 1, numbered(10)))),
  );
  return directory;
}

async function changed<Result>(directory: string, work: (store: SqliteEventStore) => Promise<Result>) {
  const store = SqliteEventStore.open(directory);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const copied = (source: string, target: string) =>
  run('--from', `sqlite:${source}`, '--to', `sqlite:${target}`);

describe('copy-log', () => {
  test('copies, says what both logs have, and shows on standard error how far it is', async () => {
    const [source, target] = [await log(), fresh()];
    const { code, stdout, stderr } = await copied(source, target);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Both logs have 20 events in 2 streams, 20 of them copied now; hash [0-9a-f]{64}\n$/,
    );
    expect(stderr).toContain('Copying  20 of 20 events\n');
    expect(stderr).toContain('Checking 40 of 40 events\n');
    // No control characters without a terminal.
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/);
    expect(await changed(target, contents)).toEqual(await changed(source, contents));
  });

  test('a second time copies what is new, and back again nothing', async () => {
    const [source, target] = [await log(), fresh()];
    await copied(source, target);
    await changed(source, (store) => write(store, [a]));
    const again = await copied(source, target);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('21 events in 2 streams, 1 of') });
    const back = await copied(target, source);
    expect(back).toMatchObject({ code: 0, stdout: again.stdout.replace('1 of them', '0 of them') });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stops at %s after what is under way, and goes on when it is run again',
    async (signal) => {
      const [source, peer] = [await log(6_000), await Peer.start()];
      const to = ['--from', `sqlite:${source}`, '--to', peer.url];
      const held = peer.holdAppend();
      const process = command(...to);
      await held.reached;
      process.signal(signal);
      held.release();
      expect(await process.ended).toBe(1);
      expect(process.stderr).toContain('Stopped. Run the same command again to go on from here.\n');
      expect(process.stdout).toBe('');
      const { code, stdout } = await run(...to);
      const [, rest] =
        /^Both logs have 6000 events in 2 streams, (\d+) of them copied now/.exec(stdout) ?? [];
      expect(code).toBe(0);
      expect(Number(rest)).toBeGreaterThan(0);
      expect(Number(rest)).toBeLessThan(6_000);
      await peer.stop();
    },
  );

  test('--help shows the options and does nothing', async () => {
    const { code, stdout, stderr } = await run('--help', '--from', 'anything');
    expect([code, stderr]).toEqual([0, '']);
    for (const option of ['--from', '--to', '--from-prefix', '--to-prefix', 'sqlite:', 'esdb://'])
      expect(stdout).toContain(option);
  });

  test.each([
    ['nothing', [], '--from is missing'],
    ['no target', ['--from', 'sqlite:x'], '--to is missing'],
    ['an unknown option', ['--form', 'sqlite:x'], "Unknown option '--form'"],
    ['an option without its value', ['--from'], "'--from <value>' argument missing"],
    ['too much', ['--from', 'sqlite:x', '--to', 'sqlite:y', 'z'], "Unexpected argument 'z'"],
    [
      'an unknown store',
      ['--from', 'sqlite:x', '--to', 'postgres://u:secret@h'],
      '--to must be sqlite:<data',
    ],
    ['no directory', ['--from', 'sqlite:', '--to', 'sqlite:y'], '--from must be sqlite:<data directory>'],
    ['one log twice', ['--from', 'sqlite:x', '--to', 'sqlite:y/../x'], '--from and --to are the same log'],
  ])('refuses a command line with %s', async (_, args, says) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/; --help shows what can be said\n$/);
    expect(stderr).not.toContain('secret');
  });
});

describe('copy-log refuses', () => {
  test.each([
    ['is not there', () => undefined],
    ['is an empty directory', (directory: string) => mkdirSync(directory)],
  ])('a source that %s, and makes neither log', async (_, prepare) => {
    const [source, target] = [fresh(), fresh()];
    prepare(source);
    const { code, stdout, stderr } = await copied(source, target);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`The copy is not complete: There is no event log in ${source} (no file events.db)\n`);
    expect(existsSync(target) || existsSync(join(source, 'events.db'))).toBe(false);
  });

  test.each(['source', 'target'] as const)('a %s that a running service holds', async (held) => {
    const places = { source: await log(), target: await log() };
    await changed(places[held], async () => {
      const { code, stdout, stderr } = await copied(places.source, places.target);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`${places[held]} is in use by another process; stop it first\n`);
    });
  });

  test('a target that holds something else, and leaves it', async () => {
    const [source, target] = [await log(), await log()];
    const { code, stderr } = await copied(source, target);
    expect(code).toBe(1);
    expect(stderr).toContain(`Stream ${a} has other events in the target than in the source; copy to a log`);
    expect(await changed(target, contents)).toHaveLength(20);
    expect(readFileSync(join(source, 'events.db')).length).toBeGreaterThan(0);
  });
});
