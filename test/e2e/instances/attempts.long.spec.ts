import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Attempts } from '../../../src/audit/attempts/attempts.js';
import { accountStream } from '../../../src/event-store/codec.js';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { attemptsIn } from '../../support/attempts.js';
import { Peer } from '../../support/eventstoredb/peer.js';
import { pause } from '../../support/pause.js';

let peer: Peer;
let apps: RunningApp[];
let directories: string[];

beforeEach(async () => {
  [apps, directories] = [[], []];
  peer = await Peer.start();
});
afterEach(async () => {
  for (const app of apps) await app.stop();
  await peer.stop();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** Another instance on the log. */
async function start(settings: Record<string, string> = {}): Promise<RunningApp> {
  const directory = mkdtempSync(join(tmpdir(), 'muster-attempts-'));
  directories.push(directory);
  const app = await RunningApp.start({ EVENT_STORE: peer.url, MUSTER_DATA_DIR: directory, ...settings });
  apps.push(app);
  return app;
}

const accountOf = async (app: RunningApp) => String(pick(await app.v2()('GET', '/account'), 'id'));
const metrics = async (app: RunningApp) => (await app.request('GET', '/metrics')).text;
/** A refusal with this id. */
const refused = (app: RunningApp, id: string) =>
  app.v2()('DELETE', '/groups/nothing', undefined, { headers: { 'x-request-id': id } });

const idsIn = async (app: RunningApp, account: string) =>
  (await attemptsIn(app, account, { order: 'asc' })).map(({ request_id }) => request_id);

describe('Instances on one EventStoreDB', () => {
  test('answer each for what was tried and written at all', async () => {
    const [here, there] = [await start(), await start()];
    const account = await accountOf(here);
    for (const [turn, at] of [here, there, here, there].entries()) {
      expect((await refused(at, `try-${turn}`)).status).toBe(404);
      expect((await at.v2()('POST', '/groups', { name: `Group ${turn}`, permissions: [] })).status).toBe(201);
      // What it says is kept by then, and so is what it wrote.
      await attemptsIn(at, account);
    }
    const commands = peer.log
      .of(accountStream(account))
      .filter(({ type }) => type === 'GroupCreated')
      .map(({ metadata }) => JSON.parse(Buffer.from(metadata).toString()) as { command_id: string })
      .map(({ command_id }) => command_id);
    expect(commands).toHaveLength(4);
    for (const app of [here, there]) {
      const ids = await idsIn(app, account);
      expect([...new Set(ids)].sort()).toEqual(ids.sort());
      expect(ids).toEqual(['try-0', 'try-1']);
      const sources = await app.app.get(Attempts).sourcesOf(account, commands);
      expect([...sources.keys()].sort()).toEqual([...commands].sort());
    }
    const [attempt] = await attemptsIn(there, account, { order: 'asc' });
    expect(attempt).toMatchObject({ request_id: 'try-0', repeated: 1 });
  });

  test('have the same hash for an address that nobody has', async () => {
    const [here, there] = [await start(), await start()];
    const account = await accountOf(here);
    for (const app of [here, there]) {
      const authorization = `Basic ${Buffer.from(`${account}/no@example.com:wrong-one`).toString('base64')}`;
      expect((await app.request('GET', '/api/1.0/profile', { headers: { authorization } })).status).toBe(401);
      await attemptsIn(app, account);
    }
    const claims = (await attemptsIn(here, account)).map(({ claimed }) => JSON.stringify(claimed));
    expect([claims.length, new Set(claims).size]).toEqual([2, 1]);
  });
});

describe('An EventStoreDB that is out of reach', () => {
  test('leaves what was tried meanwhile waiting, and no request for it', async () => {
    const app = await start();
    const account = await accountOf(app);
    await refused(app, 'before');
    await attemptsIn(app, account);
    await peer.down();
    const answer = await app.v2('wrong')('GET', '/account');
    expect([401, 503]).toContain(answer.status);
    expect([404, 503]).toContain((await refused(app, 'meanwhile')).status);
    while (!/^muster_attempts_writable 0$/m.test(await metrics(app))) await pause();
    await peer.up();
    while (!/^muster_attempts_writable 1$/m.test(await metrics(app))) await pause();
    for (;;) {
      const ids = await idsIn(app, account).catch((): string[] => []);
      if (ids.includes('meanwhile')) break;
      await pause();
    }
  });
});

describe('An EventStoreDB that denies access to the attempts', () => {
  test('costs them, one metric and nothing else', async () => {
    const app = await start();
    const account = await accountOf(app);
    // The use of the key is noted first, in a stream of its own.
    while (peer.log.of(`key-uses-${account}`).length === 0) await pause();
    peer.nextAppends('access-denied');
    expect((await refused(app, 'denied')).status).toBe(404);
    while (!/^muster_attempts_writable 0$/m.test(await metrics(app))) await pause();
    expect(await metrics(app)).toMatch(/^muster_attempts_lost_total\{reason="denied"\} 1$/m);
    expect((await app.v2()('POST', '/groups', { name: 'All the same', permissions: [] })).status).toBe(201);
    expect((await app.request('GET', '/health/ready')).status).toBe(200);
    expect(await idsIn(app, account)).toEqual([]);
    expect(peer.log.of(`attempts-${account}`)).toEqual([]);
  });
});

test('With MUSTER_ATTEMPTS_DAYS=0 nothing is kept, and no stream is made', async () => {
  const app = await start({ MUSTER_ATTEMPTS_DAYS: '0' });
  const account = await accountOf(app);
  await refused(app, 'unseen');
  await app.v2()('POST', '/groups', { name: 'Unseen', permissions: [] });
  expect(await idsIn(app, account)).toEqual([]);
  await app.app.close();
  expect(peer.log.all.filter(({ stream }) => stream.includes('attempts-'))).toEqual([]);
});
