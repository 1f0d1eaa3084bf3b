import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import { parseLogAddress } from '../../src/event-store/log-address.js';
import { openLog } from '../../src/event-store/opened-log.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { schemaVersion } from '../../src/read/schema.js';
import { compiled } from '../support/compiled.js';
import { recordsOf, WatchedStore } from '../support/execute.js';
import { dump, inDirectory, Instance, rebuilt } from '../support/views.js';

const ROUNDS = 12;
const accounts = ['acme', 'globex', 'initech'];
const prefix = `t${randomUUID().replaceAll('-', '')}-`;
let script = '';

/** The log in a directory, or on the EventStoreDB that the tests were given. */
function logAt(directory: string): string {
  const given = process.env['MUSTER_TEST_EVENT_STORE'] ?? '';
  return given.startsWith('esdb') ? given : `sqlite:${directory}`;
}

beforeAll(async () => {
  script = await compiled('test/support/busy-process.ts');
});

/** Runs the busy process until it has acknowledged so many commands, and kills it. */
async function killAfter(
  count: number,
  directory: string,
  run: string,
): Promise<[id: string, events: number][]> {
  const child = spawn(process.execPath, [script, logAt(directory), prefix, directory, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= count) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('close', (_, killedBy) => resolve(killedBy)));
  expect(signal).toBe('SIGKILL');
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
    .map(([id = '', events]) => [id, Number(events)]);
}

/** The events of every command in the log, in their order. */
function byCommand(records: readonly AccountEventRecord[]): Map<string, AccountEventRecord[]> {
  const commands = new Map<string, AccountEventRecord[]>();
  for (const record of records) {
    const { command_id } = record.metadata;
    const events = commands.get(command_id);
    if (events) events.push(record);
    else commands.set(command_id, [record]);
  }
  return commands;
}

/** The process that was killed ran the same code, but not from the same files, so its views have another version. */
function adopt(path: string): void {
  const database = openDatabase(path);
  database.exec(`PRAGMA user_version = ${String(schemaVersion())}`);
  database.close();
}

/** @returns the place from where the views read on; none when they were built anew */
async function check(
  directory: string,
  acknowledged: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  const address = parseLogAddress(logAt(directory));
  if (!address) throw new Error('The tests were given no log');
  const store = new WatchedStore(openLog(address, prefix, true));
  const streams = await Promise.all(accounts.map((account) => recordsOf(store, account)));
  for (const records of streams) expect(records.map(({ revision }) => revision)).toEqual([...records.keys()]);
  const commands = byCommand(streams.flat());
  for (const [id, events] of acknowledged) expect([id, commands.get(id)?.length]).toEqual([id, events]);
  for (const events of commands.values())
    expect(events.map(({ metadata: { index, count } }) => [index, count])).toEqual(
      events.map((_, index) => [index, events.length]),
    );
  adopt(join(directory, 'views.db'));
  const instance = await Instance.start(store, join(directory, 'views.db'));
  const [position] = store.followed;
  expect(dump(instance.views)).toEqual(await rebuilt(store));
  await instance.stop();
  await store.close();
  return position;
}

describe('kill -9 in the middle of load', () => {
  it(`loses and doubles no acknowledged write, in ${String(ROUNDS)} rounds on one directory`, async () => {
    await inDirectory(async (directory) => {
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const count = 1 + ((round * 53) % 160);
        for (const [id, events] of await killAfter(count, directory, `run${String(round)}`))
          acknowledged.set(id, events);
        const position = await check(directory, acknowledged);
        if (round > 0) expect(position).toBeDefined();
      }
      expect(acknowledged.size).toBeGreaterThan(ROUNDS * 40);
    });
  });
});
