import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { Execute } from '../../../src/application/execute.js';
import { PasswordGate } from '../../../src/application/password-gate.js';
import { noCredential } from '../../../src/domain/command.js';
import { LockUser } from '../../../src/domain/sign-in.js';
import { accountStream } from '../../../src/event-store/codec.js';
import { EVENT_STORE, type EventStore } from '../../../src/event-store/event-store.js';
import { BasicSignIn } from '../../../src/http/door/basic-sign-in.js';
import { Projector } from '../../../src/read/projector.js';
import { type Answer, pick } from '../../support/api-client.js';
import { gate } from '../../support/execute.js';
import {
  addClient,
  addPerson,
  addUser,
  giveKey,
  openCompany,
  startService,
  unique,
  within,
} from '../../support/people.js';
import { until } from '../../support/views.js';
import { expectRefusal } from './expectations.js';

const app = await startService();
const company = await openCompany(app);
const { admin } = company;
const [projector, execute] = [app.app.get(Projector), app.app.get(Execute)];
const store = app.app.get<EventStore>(EVENT_STORE);
let time = Date.now();
jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);
const hour = 3_600_000;
const password = 'open sesame';

let email: string;
let jane: string;

beforeEach(async () => {
  email = `${unique('jane')}@example.com`;
  jane = await addUser(admin.v1, { email, password });
});

const revision = (account = company.id) => projector.revisionOf(account);
const profile = (address = email, word = password) => {
  const authorization = `Basic ${Buffer.from(`${address}:${word}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
};
const lastLogin = async (id = jane) => pick(await admin.v1('GET', `/users/${id}`), 'data', 'date_last_login');

/** Signs in, and waits until that is on record. */
async function signedIn(account = company.id): Promise<Answer> {
  const before = revision(account);
  const answer = await profile();
  await until(() => revision(account) > before);
  return answer;
}

/** What was recorded in an account from a revision on. */
async function recorded(from: number, account = company.id): Promise<object[]> {
  const events: object[] = [];
  for await (const page of store.readStream(accountStream(account), from))
    for (const { type, data, metadata } of page)
      events.push({ type, data: JSON.parse(data) as unknown, metadata: JSON.parse(metadata) as unknown });
  return events;
}

describe('X74 A sign-in with the password', () => {
  it('X96: is shown at once as date_last_login in every answer that has one', async () => {
    expect((await signedIn()).status).toBe(200);
    const date = await lastLogin();
    expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    for (const [path, ...where] of [
      [`/users/${jane}?full=true`, 'data'],
      [`/users?email=${email}`, 'data', 'users', 0],
    ] as const)
      expect(pick(await admin.v1('GET', path), ...where, 'date_last_login')).toBe(date);
    expect(pick(await profile(), 'data', 'date_last_login')).toBe(date);
  });

  it('is an event of that user, with the request it came by', async () => {
    const before = revision();
    const answer = await signedIn();
    expect(await recorded(before)).toEqual([
      {
        type: 'UserSignedIn',
        data: { user_id: jane },
        metadata: expect.objectContaining({
          ...{ actor: { kind: 'user', id: jane, account: company.id, revision: before }, via: 'v1' },
          credential: { kind: 'password' },
          request_id: answer.headers.get('x-request-id'),
        }),
      },
    ]);
  });

  it('leaves the revision of its own answer at what that shows', async () => {
    const before = revision();
    const answer = await signedIn();
    expect(pick(answer, 'data', 'date_last_login')).toBeNull();
    expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${before}`);
  });

  it('is recorded once, however many requests come at once', async () => {
    const before = revision();
    const answers = await Promise.all(Array.from({ length: 20 }, () => profile()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await until(() => revision() > before);
    await admin.v1('PUT', `/users/${jane}`, { first_name: 'Janet' });
    expect(await recorded(before)).toMatchObject([{ type: 'UserSignedIn' }, { type: 'UserRenamed' }]);
  });

  it('is recorded once an hour', async () => {
    await signedIn();
    const before = revision();
    time += hour - 1000;
    expect((await profile()).status).toBe(200);
    await admin.v1('PUT', `/users/${jane}`, { first_name: 'Janet' });
    expect(await recorded(before)).toMatchObject([{ type: 'UserRenamed' }]);
    time += hour;
    await signedIn();
    expect(await recorded(before + 1)).toMatchObject([{ type: 'UserSignedIn' }]);
  });

  it('is recorded without the permission for what was asked', async () => {
    const before = revision();
    const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    const answer = await app.request('DELETE', `/api/1.0/users/${jane}`, { headers: { authorization } });
    expectRefusal(answer, 401, 'access_denied');
    await until(() => revision() > before);
    expect(await lastLogin()).not.toBeNull();
  });

  it('that fails is none', async () => {
    expectRefusal(await profile(email, 'wrong'), 401, 'auth_fail');
    expect(await lastLogin()).toBeNull();
  });

  it('does not wait for its record, and is recorded later when that fails', async () => {
    const run = jest.spyOn(execute, 'run').mockRejectedValueOnce(new Error('The store is gone'));
    const before = revision();
    expect((await profile()).status).toBe(200);
    await until(() => run.mock.calls.length === 1);
    run.mockRestore();
    expect((await profile()).status).toBe(200);
    expect(revision()).toBe(before);
    time += 60_000;
    await signedIn();
    expect(await lastLogin()).not.toBeNull();
  });

  it('of somebody who hangs up before it is checked is on record as well', async () => {
    const [begun, held, abort] = [gate(), gate(), new AbortController()];
    const checks = jest.spyOn(app.app.get(PasswordGate), 'verify').mockImplementationOnce(async () => {
      begun.open();
      await held.opened;
      return [true];
    });
    const signIns = jest.spyOn(app.app.get(BasicSignIn), 'principalOf');
    const before = revision();
    const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    const call = { headers: { authorization }, signal: abort.signal };
    const gone = fetch(`${app.url}/api/1.0/profile`, call).catch(() => 'gone');
    await begun.opened;
    abort.abort();
    expect(await gone).toBe('gone');
    await until(() => signIns.mock.calls[0]?.[3].raw.closed === true);
    held.open();
    await until(() => revision() > before);
    expect(await recorded(before)).toMatchObject([{ type: 'UserSignedIn', data: { user_id: jane } }]);
    checks.mockRestore();
    signIns.mockRestore();
  });

  it('of a user of a client account is on record there', async () => {
    const client = await addClient(admin.v1);
    email = `${unique('client')}@example.com`;
    const id = await addUser(admin.v1, { email, password }, client);
    await signedIn(client);
    const answer = await admin.v1('GET', `/users/${id}${within(client)}`);
    expect(pick(answer, 'data', 'date_last_login')).not.toBeNull();
  });

  it('T238: is not set by anybody', async () => {
    await admin.v1('PUT', `/users/${jane}`, { date_last_login: '2020-01-01T00:00:00Z', is_locked_out: true });
    const { body } = await admin.v1('GET', `/users/${jane}`);
    expect(body).toMatchObject({ data: { date_last_login: null, is_locked_out: false } });
  });
});

describe('is_locked_out', () => {
  const isLockedOut = async () => pick(await admin.v1('GET', `/users/${jane}`), 'data', 'is_locked_out');
  const lock = async (from: number, to: number) => {
    const [now, end] = [from, to].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString());
    const meta = {
      commandId: unique('lock'),
      requestId: 'r',
      via: 'v1',
      actor: { kind: 'system' },
      credential: noCredential,
    } as const;
    await execute.run(new LockUser(company.id, { user_id: jane, now: now ?? '', until: end ?? '' }, meta));
  };

  it('T207: is false for a new user', async () => expect(await isLockedOut()).toBe(false));

  it('is true until the lock ends, in detail and in the profile', async () => {
    // It goes by the time of day.
    time = Date.now();
    await lock(0, 15);
    expect(await isLockedOut()).toBe(true);
    const person = await giveKey(app, admin, jane);
    expect(pick(await person.v1('GET', '/profile'), 'data', 'is_locked_out')).toBe(true);
  });

  it('is false when the lock has ended by itself', async () => {
    await lock(-20, -5);
    expect(await isLockedOut()).toBe(false);
    expect((await profile()).status).toBe(200);
  });

  it('is not set by calls with a wrong key', async () => {
    const person = await addPerson(app, admin, []);
    for (let time = 0; time < 15; time += 1) await app.v1(`${person.key}x`)('GET', '/profile');
    expect(pick(await person.v1('GET', '/profile'), 'data', 'is_locked_out')).toBe(false);
  });
});
