import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from '@jest/globals';
import { walkFeed } from '../support/feed.js';
import { addGroup, openCompany, startService } from '../support/people.js';

const app = await startService();
const directory = mkdtempSync(join(tmpdir(), 'muster-feed-reader-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the example until it has printed so many events and kept its place behind them. */
async function readUntil(key: string, count: number, cursor: number): Promise<string[]> {
  const file = join(directory, 'cursor.txt');
  const env = { ...process.env, MUSTER_URL: app.url, API_KEY: key };
  const reader = spawn(process.execPath, ['examples/feed-reader.mjs', file], { env });
  const lines: string[] = [];
  for await (const line of createInterface(reader.stdout)) if (lines.push(line) >= count) break;
  while (!isAt(file, cursor)) await new Promise(setImmediate);
  reader.kill();
  await new Promise((resolve) => reader.once('close', resolve));
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

function isAt(file: string, cursor: number): boolean {
  try {
    return readFileSync(file, 'utf8') === String(cursor);
  } catch {
    return false;
  }
}

test('the feed reader prints every event once, and goes on from its cursor file when it is started again', async () => {
  const { admin } = await openCompany(app);
  const all = await walkFeed(admin.v2, '');
  const first = await readUntil(admin.key, all.length, all.length - 1);
  await addGroup(admin.v1);
  const second = await readUntil(admin.key, 1, all.length);
  expect([...first, ...second]).toEqual((await walkFeed(admin.v2, '')).map(({ id }) => id));
});
