import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { Views } from '../../../src/read/views.js';
import { adminKey } from '../../support/api-client.js';
import { sealed } from '../../support/sealed.js';
import { boundByModes, DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();
let count = 0;
let directory = '';
const settings = () => ({ MUSTER_DATA_DIR: directory, MUSTER_ADMIN_API_KEY: adminKey });
const modeOf = (path: string) => statSync(path).mode & 0o777;

beforeEach(() => {
  directory = data.at(String(count++));
});
afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

/** Leaves a directory that was in use, with an outbox and snapshots. */
async function used(): Promise<void> {
  await SqliteEventStore.open(directory).close();
  Views.open(join(directory, 'views.db')).database.close();
  for (const name of ['snapshots', 'outbox']) mkdirSync(join(directory, name), { mode: 0o700 });
}

function contents(): [string, string][] {
  const files = ['lock.db', 'events.db', 'views.db'];
  return files.map((name) => [name, readFileSync(join(directory, name), 'latin1')]);
}

/** What the service says that must not start in this directory. */
async function refusal(): Promise<string> {
  const service = ServiceProcess.spawn(settings(), [], 'main.js', boundByModes);
  expect(await service.ended).toBe(1);
  expect(service.stderr).toMatch(/^Muster does not start:\n/m);
  expect(service.stderr).not.toMatch(/\n {4}at |damaged/);
  return service.stderr;
}

describe('what the service keeps is for its owner alone', () => {
  test('the directory and every file in it, from the moment they are there, also where nothing else can be written', async () => {
    mkdirSync(data.at('.'), { recursive: true });
    const { service, url } = await ServiceProcess.start(settings(), sealed(data.at('.')));
    const key = { headers: { 'kf-api-key': adminKey } };
    expect((await fetch(`${url}/api/1/users`, key)).status).toBe(200);
    expect(modeOf(directory)).toBe(0o700);
    const files = readdirSync(directory);
    expect(files).toEqual(
      expect.arrayContaining(['events.db', 'events.db-wal', 'events.db-shm', 'lock.db', 'views.db']),
    );
    for (const file of files) expect([file, modeOf(join(directory, file))]).toEqual([file, 0o600]);
    await service.stop();
    expect(service.stdout).not.toContain('chmod');
  });

  test('what is wider from before is told of at the start, in one line that says what to do', async () => {
    await used();
    chmodSync(directory, 0o755);
    chmodSync(join(directory, 'events.db'), 0o644);
    const { service } = await ServiceProcess.start(settings());
    await service.stop();
    const told = service.log.filter(({ message }) => String(message).includes('chmod'));
    expect(told).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining(`run: chmod go= ${directory} ${join(directory, 'events.db')}`),
      }),
    ]);
  });
});

describe('what the service may not read and write ends the start', () => {
  test.each<[string, Record<string, number>]>([
    ['files', { 'events.db': 0o400, 'views.db': 0, 'lock.db': 0o400, snapshots: 0o500, outbox: 0 }],
    ['files the other way round', { 'events.db': 0, 'views.db': 0o400 }],
    ['the directory itself', { '': 0o500 }],
  ])('%s: each is named with owner, mode and what to do, and left as it is', async (_, modes) => {
    await used();
    const before = contents();
    for (const [name, mode] of Object.entries(modes)) chmodSync(join(directory, name), mode);
    const message = await refusal();
    const owner = process.getuid?.() === 0 ? 'root (uid 0)' : `uid ${process.getuid?.()}`;
    expect(message).toContain(`The data directory ${directory} cannot be used: `);
    for (const [name, mode] of Object.entries(modes)) {
      const path = join(directory, name);
      expect(message).toContain(
        `${path} belongs to ${owner} with mode 0${mode.toString(8).padStart(3, '0')}`,
      );
      expect(message).toContain(`run: chmod u+rwX ${path}\n`);
      expect(modeOf(path)).toBe(mode);
      chmodSync(path, 0o700);
    }
    expect(contents()).toEqual(before);
  });

  test('a directory in the place of a file, and a file in the place of a directory', async () => {
    mkdirSync(join(directory, 'views.db'), { recursive: true });
    writeFileSync(join(directory, 'outbox'), '');
    const message = await refusal();
    expect(message).toContain(`${join(directory, 'views.db')} is no file; move it away`);
    expect(message).toContain(`${join(directory, 'outbox')} is no directory; move it away`);
    expect(existsSync(join(directory, 'events.db'))).toBe(false);
  });
});
