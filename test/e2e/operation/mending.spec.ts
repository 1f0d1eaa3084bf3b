import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Projector } from '../../../src/read/projector.js';
import { Views } from '../../../src/read/views.js';
import { adminKey } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { breakWrites, until } from '../../support/views.js';

let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.start();
});
afterAll(() => app.stop());

const status = async (path: string, headers: Record<string, string>) =>
  (await fetch(app.url + path, { headers })).status;

/** What somebody hears whom the views do not know. */
async function strangers(): Promise<number[]> {
  const token = `mt_${'0'.repeat(32)}_${'x'.repeat(43)}`;
  return Promise.all([
    status('/api/1/users', { 'kf-api-key': 'unknown' }),
    status('/api/v2/groups', { authorization: 'Bearer unknown' }),
    status('/api/1/users', { authorization: `Basic ${btoa('nobody@example.com:password')}` }),
    status('/api/v2/password', { authorization: `Bearer ${token}` }),
  ]);
}

test('while the views of an account are mended nobody hears that a credential is wrong, nor sees a list without it', async () => {
  expect(await strangers()).toEqual([401, 401, 401, 400]);
  const [views, projector] = [app.app.get(Views), app.app.get(Projector)];
  const repair = breakWrites(views, 'groups', "NEW.name = 'boom'");
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'boom', permissions: [] });
  await fetch(`${app.url}/api/v2/groups`, { method: 'POST', headers, body });
  expect(await strangers()).toEqual([503, 503, 503, 503]);
  expect(await status('/api/1/clients', { 'kf-api-key': adminKey })).toBe(503);
  repair();
  await until(() => projector.isWhole);
  expect(await strangers()).toEqual([401, 401, 401, 400]);
  expect(await status('/api/1/clients', { 'kf-api-key': adminKey })).toBe(200);
});
