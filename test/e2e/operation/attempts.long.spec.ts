import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDatabase, prepare } from '../../../src/event-store/sqlite.js';
import { adminKey, ApiClient } from '../../support/api-client.js';
import { FullDisk } from '../../support/full-disk.js';
import { ServiceProcess } from '../../support/process.js';
import { pause } from '../../support/pause.js';

let disk: FullDisk;
beforeEach(() => {
  disk = new FullDisk();
});
afterEach(async () => {
  await ServiceProcess.killAll();
  disk.remove();
});

const directory = () => join(disk.path, 'data');
const start = async (settings: Record<string, string> = {}) => {
  const own = { MUSTER_DATA_DIR: directory(), MUSTER_ADMIN_API_KEY: adminKey, ...settings };
  const { service, url } = await ServiceProcess.start(own);
  return { service, client: new ApiClient(url) };
};
const refused = async (client: ApiClient, id: string): Promise<number> => {
  const headers = { 'x-request-id': id };
  return (await client.v2()('DELETE', `/groups/${id}`, undefined, { headers })).status;
};

/** Rows of a file of the data directory, read from a copy of it; none while it is being made or written to. */
function rowsOf<Row>(file: string, sql: string): Row[] {
  const copy = mkdtempSync(join(tmpdir(), 'muster-copy-'));
  const path = join(copy, file);
  try {
    for (const end of ['', '-wal']) {
      const from = join(directory(), file + end);
      if (existsSync(from)) copyFileSync(from, path + end);
    }
    return prepare<Row>(openDatabase(path), sql).all();
  } catch {
    return [];
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Ids of the requests whose attempts are in the file. */
function kept(): string[] {
  const rows = rowsOf<{ data: string }>('attempts.db', 'SELECT data FROM attempts ORDER BY time, at, id');
  return rows.map(({ data }) => (JSON.parse(data) as { request_id: string }).request_id);
}

async function untilKept(...ids: string[]): Promise<void> {
  while (!ids.every((id) => kept().includes(id))) await pause();
}

test('kill -9 loses nothing of what was tried but the last second, and a new start goes on', async () => {
  const first = await start();
  for (let n = 0; n < 20; n += 1) expect(await refused(first.client, `first-${n}`)).toBe(404);
  await untilKept('first-19');
  expect(await refused(first.client, 'last')).toBe(404);
  await first.service.stop('SIGKILL');
  const before = kept().filter((id) => id !== 'last');
  expect(before).toEqual(Array.from({ length: 20 }, (_, n) => `first-${n}`));
  const second = await start();
  expect(await refused(second.client, 'second')).toBe(404);
  // A stop keeps what was noted a moment ago.
  expect(await second.service.stop()).toBe(0);
  expect(kept().filter((id) => id !== 'last')).toEqual([...before, 'second']);
});

test('a full disk has what was tried wait; no request fails or waits for it', async () => {
  const { service, client } = await start();
  expect(await refused(client, 'before')).toBe(404);
  await untilKept('before');
  disk.fill(service);
  const metrics = async () => (await client.request('GET', '/metrics')).text;
  for (let n = 0; !/^muster_attempts_writable 0$/m.test(await metrics()); n += 1)
    expect([404, 503]).toContain(await refused(client, `meanwhile-${n}`));
  await service.says('cannot be kept for now');
  const told = service.log.filter(({ message }) => String(message).includes('cannot be kept for now'));
  expect(told).toHaveLength(1);
  disk.empty(service);
  await untilKept('before', 'meanwhile-0');
  while (!/^muster_attempts_writable 1$/m.test(await metrics())) await pause();
  expect(await service.stop()).toBe(0);
});

test('MUSTER_ATTEMPTS_DAYS=0 makes no file; last uses of keys are kept all the same, through kill -9, until the key ends', async () => {
  const first = await start({ MUSTER_ATTEMPTS_DAYS: '0' });
  expect(await refused(first.client, 'unseen')).toBe(404);
  const lastUsed = async ({ client }: typeof first) => {
    const { body } = await client.v2()('GET', '/access-review');
    const [row] = body as readonly {
      user: { id: string; keys: { id: string; last_used: string | null }[] };
    }[];
    return row?.user;
  };
  const before = await lastUsed(first);
  expect(before?.keys).toEqual([expect.objectContaining({ last_used: expect.stringMatching(/^2.*Z$/) })]);
  await first.service.stop('SIGKILL');
  const { service, client } = await start({ MUSTER_ATTEMPTS_DAYS: '0' });
  expect(await lastUsed({ service, client })).toEqual(before);
  const path = `/users/${before?.id}/keys`;
  const { body } = await client.v2()('POST', path, {});
  const { id, key } = body as { id: string; key: string };
  expect((await client.v2(key)('DELETE', `${path}/${id}`)).status).toBe(204);
  expect(await service.stop()).toBe(0);
  expect(rowsOf('key-uses.db', 'SELECT key FROM uses')).toEqual([{ key: before?.keys[0]?.id }]);
  expect(readdirSync(directory())).toContain('events.db');
  expect(readdirSync(directory()).filter((name) => name.startsWith('attempts'))).toEqual([]);
});
