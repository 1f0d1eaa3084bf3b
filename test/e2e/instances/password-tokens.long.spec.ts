import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Peer } from '../../support/eventstoredb/peer.js';
import { mailedToken } from '../../support/password-tokens.js';
import { addUser } from '../../support/people.js';
import { DataDirectories } from '../../support/process.js';

const data = new DataDirectories();
let peer: Peer;
let here: RunningApp;
let there: RunningApp;
let company: string;

beforeAll(async () => {
  peer = await Peer.start();
  const start = (name: string) =>
    RunningApp.start({
      ...{ EVENT_STORE: peer.url, MUSTER_DATA_DIR: data.at(name), MUSTER_STREAM_PREFIX: '' },
    });
  here = await start('here');
  there = await start('there');
  company = String(pick(await here.v2()('GET', '/account'), 'id'));
});
afterAll(async () => {
  await here.stop();
  await there.stop();
  await peer.stop();
  data.remove();
});

const set = (app: RunningApp, token: string, password: string) =>
  app.request('POST', '/api/v2/password', { body: { token, password } });

test('a token that one instance has mailed is known to another at once', async () => {
  for (let round = 0; round < 20; round += 1) {
    const token = await mailedToken(here, company, await addUser(here.v1()));
    expect((await there.request('GET', `/api/v2/password?token=${token}`)).status).toBe(200);
  }
});

test('of two who use one token at two instances at once, one sets the password', async () => {
  for (let round = 0; round < 5; round += 1) {
    const token = await mailedToken(here, company, await addUser(here.v1()));
    const answers = await Promise.all([
      set(here, token, 'one-password'),
      set(there, token, 'other-password'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
  }
});
