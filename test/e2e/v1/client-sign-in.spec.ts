import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addClient,
  addUser,
  giveKey,
  openCompany,
  type Person,
  startService,
  unique,
  within,
} from '../../support/people.js';
import { Projector } from '../../../src/read/projector.js';
import { until } from '../../support/views.js';
import { expectRefusal } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;
const password = 'open sesame';

let client: string;
let email: string;
let jane: Person;

beforeEach(async () => {
  client = await addClient(v1);
  email = `${unique('jane')}@example.com`;
  jane = await giveKey(app, admin, await addUser(v1, { email, password }, client), client);
});

const basic = (word = password) => {
  const authorization = `Basic ${Buffer.from(`${email}:${word}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
};
const become = (status: string) => v1('PUT', `/clients/${client}`, { status });

/** The status of every way to sign in. */
const ways = async () => [
  (await basic()).status,
  (await jane.v1('GET', '/profile')).status,
  (await jane.v2('GET', '/account')).status,
];

async function expectNobodyIn(): Promise<void> {
  const wrong = await basic('wrong');
  const answer = await basic();
  expectRefusal(answer, 401, 'auth_fail');
  expect(answer.body).toEqual(wrong.body);
  expectRefusal(await jane.v1('GET', '/profile'), 401, 'auth_fail');
  const problem = await jane.v2('GET', '/account');
  expect([problem.status, pick(problem, 'code')]).toEqual([401, 'auth_fail']);
}

describe('The users of a client that is disabled', () => {
  it('T408: cannot sign in by any means, though they have just done so', async () => {
    expect(await ways()).toEqual([200, 200, 200]);
    await become('disabled');
    await expectNobodyIn();
  });

  it('T408: can sign in again when it is enabled again', async () => {
    await become('disabled');
    await expectNobodyIn();
    await become('active');
    expect(await ways()).toEqual([200, 200, 200]);
  });

  it('T408: cannot sign in to a client that was opened disabled', async () => {
    client = await addClient(v1, { status: 'disabled' });
    email = `${unique('joe')}@example.com`;
    jane = await giveKey(app, admin, await addUser(v1, { email, password }, client), client);
    await expectNobodyIn();
  });

  it('T408: sign in elsewhere with the same address and password, where before it was ambiguous', async () => {
    const other = await addClient(v1);
    const id = await addUser(v1, { email, password }, other);
    expectRefusal(await basic(), 401, 'auth_ambiguous');
    await become('disabled');
    expect(pick(await basic(), 'data', 'id')).toBe(id);
  });

  it('T408: are managed by the company as before, in both versions', async () => {
    await become('disabled');
    const answers: Answer[] = [
      await v1('GET', `/users/${jane.id}${within(client)}`),
      await v1('PUT', `/users/${jane.id}${within(client)}`, { first_name: 'Janet' }),
      await v1('GET', `/clients/${client}?full=true`),
      await admin.v2('GET', `/account${within(client)}`),
      await admin.v2('POST', `/groups${within(client)}`, { name: 'G', permissions: [] }),
      await admin.v2('GET', `/users/${jane.id}/keys${within(client)}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 201, 200]);
  });
});

describe('The users of a client that is deleted', () => {
  it('T408: cannot sign in by any means, though they have just done so', async () => {
    expect(await ways()).toEqual([200, 200, 200]);
    expect((await v1('DELETE', `/clients/${client}`)).status).toBe(200);
    await expectNobodyIn();
  });

  it('T408 T252: leave their address to others', async () => {
    await v1('DELETE', `/clients/${client}`);
    const id = await addUser(v1, { email, password }, await addClient(v1));
    expect(pick(await basic(), 'data', 'id')).toBe(id);
  });
});

describe('last_sign_in of a client', () => {
  const projector = app.app.get(Projector);
  const shown = async () => pick(await v1('GET', `/clients/${client}`), 'data', 'last_sign_in');

  it('X74: is when a password of any of its users last signed in, not a key', async () => {
    await jane.v1('GET', '/profile');
    expect(await shown()).toBeNull();
    const before = projector.revisionOf(client);
    await basic();
    await until(() => projector.revisionOf(client) > before);
    const user = await v1('GET', `/users/${jane.id}${within(client)}`);
    expect(await shown()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await shown()).toBe(pick(user, 'data', 'date_last_login'));
    const last = await shown();
    await v1('DELETE', `/users/${jane.id}${within(client)}`);
    expect(await shown()).toBe(last);
  });
});
