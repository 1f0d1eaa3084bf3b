import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ViewsDatabase } from '../../../src/read/views-database.js';
import { adminKey } from '../../support/api-client.js';
import { FullDisk } from '../../support/full-disk.js';
import { freePort } from '../../support/port.js';
import { ServiceProcess } from '../../support/process.js';
import { pause } from '../../support/pause.js';

const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
let disk: FullDisk;
let names: string[];

beforeEach(() => {
  disk = new FullDisk();
  names = [];
});
afterEach(async () => {
  await ServiceProcess.killAll();
  disk.remove();
});

const settings = () => ({
  ...{ MUSTER_DATA_DIR: join(disk.path, 'data'), MUSTER_ADMIN_API_KEY: adminKey },
  ...{ MUSTER_ADMIN_PASSWORD: 'admin-password', MUSTER_FREE_SPACE_MB: '6' },
});
const ready = async (url: string) => (await fetch(`${url}/health/ready`)).status;
const metrics = async (url: string) => (await fetch(`${url}/metrics`)).text();

async function write(url: string): Promise<number> {
  const name = `group ${names.length}`;
  const body = JSON.stringify({ name, permissions: [] });
  const { status } = await fetch(`${url}/api/v2/groups`, { method: 'POST', headers, body });
  if (status === 201) names.push(name);
  return status;
}

/** Reads as somebody with a right key does: what is answered is all that was acknowledged. */
async function readsAllOrNothing(url: string, mayBeNothing = true): Promise<void> {
  const answer = await fetch(`${url}/api/v2/groups`, { headers });
  if (answer.status === 503 && mayBeNothing) return;
  expect(answer.status).toBe(200);
  const groups = (await answer.json()) as { name: string }[];
  expect(groups.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
}

async function signsIn(url: string): Promise<number> {
  const authorization = `Basic ${btoa('admin@example.com:admin-password')}`;
  return (await fetch(`${url}/api/1.0/profile`, { headers: { authorization } })).status;
}

async function untilReady(url: string): Promise<void> {
  while ((await ready(url)) !== 200) await readsAllOrNothing(url);
}

test('a full disk turns readiness and metric red, steadily; reads and sign-ins go on, and with room all does', async () => {
  const { service, url } = await ServiceProcess.start(settings());
  // They are when the disk fills up in the midst of a write, or by a quota, of which the system does not tell.
  const areViewsLost = () => service.stdout.includes('views.db cannot be written');
  for (let round = 1; round <= 2; round += 1) {
    expect(await write(url)).toBe(201);
    disk.fill(service);
    expect(await write(url)).toBe(503);
    for (let asked = 0; asked < 100; asked += 1) {
      expect(await ready(url)).toBe(503);
      await readsAllOrNothing(url, areViewsLost());
    }
    expect(await metrics(url)).toMatch(/^muster_event_store_writable 0$/m);
    if (disk.isReal) {
      if (!areViewsLost()) expect(await signsIn(url)).toBe(200);
      expect(await metrics(url)).toMatch(/^muster_disk_free_bytes\{volume="log"\} 0$/m);
      expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({
        warnings: ['Only 0 MB are free on the disk of the log and the views'],
      });
    }
    disk.empty(service);
    await untilReady(url);
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: 'up' });
    expect(await metrics(url)).toMatch(/^muster_event_store_writable 1$/m);
    await readsAllOrNothing(url);
    expect(await write(url)).toBe(201);
    const told = service.log.map(({ message }) => String(message));
    const times = (text: string) => told.filter((message) => message.includes(text)).length;
    expect(times('events.db cannot be written')).toBe(round);
    expect(times('views.db cannot be written')).toBeLessThanOrEqual(round);
    expect(times('Only 0 MB are free')).toBe(disk.isReal ? round : 0);
    expect(times('There is room again on the disk of the log and the views')).toBe(disk.isReal ? round : 0);
    expect(times('The event log can be written again')).toBe(round);
  }
  expect(await service.stop()).toBe(0);
});

test('changes of views wait for room in their transaction, and are seen meanwhile', () => {
  if (!disk.isReal) return;
  const views = ViewsDatabase.open(join(disk.path, 'views.db'), 'CREATE TABLE words (word TEXT)', 1);
  const words = views.prepare<{ word: string }>('SELECT word FROM words');
  const add = (word: string) =>
    views.change(() => views.prepare<never>('INSERT INTO words VALUES (?)').run(word), 1);
  add('first');
  expect(views.commit()).toBe('durable');
  const { losses } = views;
  add('second');
  disk.fill();
  for (let tried = 0; tried < 3; tried += 1) expect(views.commit()).toBe('waiting');
  add('third');
  expect(words.all().map(({ word }) => word)).toEqual(['first', 'second', 'third']);
  disk.empty();
  expect(views.commit()).toBe('durable');
  expect(words.all()).toHaveLength(3);
  // The second transaction began, and nothing else was taken back.
  expect(views.losses).toBeLessThanOrEqual(losses + 1);
  views.close();
});

test('a log of the process on the full disk neither ends the service nor holds it up, not even its end', async () => {
  const port = await freePort();
  const output = ['sh', '-c', 'exec "$@" >>"$0"', join(disk.path, 'log')];
  const service = ServiceProcess.spawn({ ...settings(), PORT: String(port) }, [], 'main.js', output);
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/health/ready`).then(
      ({ status }) => status,
      () => 0,
    );
  while ((await answers()) !== 200) await pause();
  for (const isLast of [false, true]) {
    expect(await write(url)).toBe(201);
    disk.fill(service);
    expect(await write(url)).toBe(503);
    for (let asked = 0; asked < 50; asked += 1) await readsAllOrNothing(url);
    if (isLast) break;
    disk.empty(service);
    await untilReady(url);
  }
  expect(await service.stop()).toBe(0);
});
