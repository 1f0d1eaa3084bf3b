import { expect } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { CommandsFor } from './commands.js';
import { executeOn, runAll } from './execute.js';
import { DataDirectories, ServiceProcess } from './process.js';

export const data = new DataDirectories();
let count = 0;
export const [acme, globex] = [new CommandsFor('acme'), new CommandsFor('globex')];

/** A data directory with two accounts and their views, made once for all tests, and room for what the command makes. */
export async function directory(users = 5): Promise<{ path: string; scratch: string }> {
  const [original, path, scratch] = [
    data.at(`users-${users}`),
    data.at(`data-${count}`),
    data.at(`scratch-${count++}`),
  ];
  if (!existsSync(original)) await fill(original, users);
  cpSync(original, path, { recursive: true });
  mkdirSync(scratch);
  return { path, scratch };
}

async function fill(path: string, users: number): Promise<void> {
  const store = SqliteEventStore.open(path);
  const execute = executeOn(store);
  await runAll(execute, acme.open(), globex.open());
  for (let n = 0; n < users; n += 1) await execute.run(acme.createUser(`user-${n}`));
  await store.close();
  // The views are those of the compiled service.
  const { service } = await ServiceProcess.start({ MUSTER_DATA_DIR: path });
  await service.stop();
}

export async function run(
  { path, scratch }: { path: string; scratch: string },
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
) {
  const environment = { MUSTER_DATA_DIR: path, TMPDIR: scratch, ...settings };
  const process = ServiceProcess.spawn(environment, args, 'verify.js');
  const code = await process.ended;
  const { stdout, stderr } = process;
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(readdirSync(scratch)).toEqual([]);
  return { code, stdout, stderr };
}

/** A directory for what the command makes; nothing may be left in it. */
export function scratchDirectory(): string {
  const scratch = data.at(`scratch-${count++}`);
  mkdirSync(scratch);
  return scratch;
}
