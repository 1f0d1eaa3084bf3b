import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { Projector } from '../../../src/read/projector.js';
import { Views } from '../../../src/read/views.js';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { mailedToken } from '../../support/password-tokens.js';
import { until } from '../../support/views.js';
import { address, adminRole, Company, expectProblem, expectRefusal } from './company.js';

const minute = 60_000;
const tooMany = 2;
let app: RunningApp;
let company: Company;
/** Within the real minute: `is_locked_out` goes by the time of day. */
let time = Date.now();
let email: string;
let user: string;

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_LOCK_OUT_AFTER: String(tooMany), MUSTER_LOCK_OUT_MINUTES: '30' });
  company = await Company.first(app);
  jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);
});
beforeEach(async () => {
  time = Date.now();
  email = address();
  user = await company.user({ email, password: 'pass-word' });
});
afterAll(() => app.stop());

function signIn(password = 'pass-word', who = email): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${who}:${password}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
}
async function fail(times: number, who = email): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) answers.push(await signIn(`wrong-${answers.length}`, who));
  return answers;
}
const isLockedOut = async (id = user) =>
  pick(await app.v1()('GET', `/users/${id}`), 'data', 'is_locked_out') === true;
const revision = () => app.app.get(Projector).revisionOf(company.id);

const isLocked = (who: string) =>
  app.app
    .get(Views)
    .credentials.byEmail(who)
    .every(({ locked_until }) => locked_until !== null && locked_until > new Date(time).toISOString());

/** Fails until every user of the address is locked. */
async function lockOut(who = email): Promise<Answer[]> {
  const answers = await fail(tooMany, who);
  await until(() => isLocked(who));
  return answers;
}
const unlock = (key?: string, id = user) => company.call('DELETE', `/users/${id}/lock`, undefined, key);

describe('after too many failed sign-ins from one address', () => {
  test('the right password is refused like a wrong one: nobody hears of the lock', async () => {
    const wrong = await lockOut();
    const right = await signIn();
    expect(pick(right, 'meta', 'error_code')).toBe('auth_fail');
    const told = ({ status, text, headers }: Answer) => {
      const names = [...headers.keys()].filter((name) => name !== 'date' && name !== 'x-request-id');
      return { status, text, headers: names.map((name) => [name, headers.get(name)]) };
    };
    expect(wrong.map(told)).toEqual(wrong.map(() => told(right)));
  });

  test('the user is shown as locked out', async () => {
    expect(await isLockedOut()).toBe(false);
    await lockOut();
    expect(await isLockedOut()).toBe(true);
  });

  test('a check of the password that is remembered ends, too', async () => {
    for (let times = 0; times < 2; times += 1) expect((await signIn()).status).toBe(200);
    await lockOut();
    expect((await signIn()).status).toBe(401);
  });

  test('API keys go on, on both versions, also to end the lock', async () => {
    await company.call('PUT', `/users/${user}/permissions`, { permissions: ['user.manage'] });
    const key = await company.key(user);
    await lockOut();
    expect((await app.v1(key)('GET', '/profile')).status).toBe(200);
    expect((await app.v2(key)('GET', '/account')).status).toBe(200);
    expect((await unlock(key)).status).toBe(204);
    expect((await signIn()).status).toBe(200);
  });

  test('the lock ends by itself', async () => {
    await lockOut();
    time += 30 * minute - 1;
    expect((await signIn()).status).toBe(401);
    time += 1;
    expect((await signIn()).status).toBe(200);
  });

  test('failures during a lock do not make it longer, and do not count afterwards', async () => {
    await lockOut();
    const before = revision();
    await fail(tooMany);
    expect(revision()).toBe(before);
    time += 29 * minute;
    await fail(tooMany - 1);
    time += minute;
    await fail(tooMany - 1);
    expect((await signIn()).status).toBe(200);
  });

  test('it is locked again after the lock', async () => {
    await lockOut();
    time += 30 * minute;
    await lockOut();
    expect((await signIn()).status).toBe(401);
  });

  test('another user signs in from the same address', async () => {
    const other = address();
    await company.user({ email: other, password: 'pass-word' });
    await lockOut();
    expect((await signIn('pass-word', other)).status).toBe(200);
  });
});

describe('failed sign-ins', () => {
  test('are forgotten with a good one', async () => {
    await fail(tooMany - 1);
    expect((await signIn()).status).toBe(200);
    await fail(tooMany - 1);
    expect((await signIn()).status).toBe(200);
    expect(await isLockedOut()).toBe(false);
  });

  test('are forgotten with one that is remembered', async () => {
    for (let times = 0; times < 3; times += 1) {
      expect((await signIn()).status).toBe(200);
      await fail(tooMany - 1);
    }
    expect((await signIn()).status).toBe(200);
  });

  test('of an old password are forgotten with a new one: one typo does not lock', async () => {
    await fail(tooMany - 1);
    const token = await mailedToken(app, company.id, user);
    const body = { token, password: 'new-word' };
    expect((await app.request('POST', '/api/v2/password', { body })).status).toBe(204);
    await fail(tooMany - 1);
    expect((await signIn('new-word')).status).toBe(200);
    expect(await isLockedOut()).toBe(false);
  });

  test('with a new password count anew', async () => {
    const token = await mailedToken(app, company.id, user);
    await app.request('POST', '/api/v2/password', { body: { token, password: 'new-word' } });
    await lockOut();
    expect((await signIn('new-word')).status).toBe(401);
  });

  test('are forgotten after a while', async () => {
    await fail(tooMany - 1);
    time += 30 * minute;
    await fail(tooMany - 1);
    expect((await signIn()).status).toBe(200);
  });

  test('of an address that nobody has change nothing', async () => {
    const before = revision();
    await fail(tooMany + 1, 'nobody@example.com');
    expect(revision()).toBe(before);
  });

  test('X58 count for every user of the address, unless the password is that of one of them', async () => {
    const other = await Company.open(app, { email, password: 'other-one' });
    for (let times = 0; times <= tooMany; times += 1) {
      expect(pick(await signIn('other-one'), 'data', 'id')).toBe(other.admin.id);
      expect(pick(await signIn(), 'data', 'id')).toBe(user);
    }
    await lockOut();
    expect([(await signIn()).status, (await signIn('other-one')).status]).toEqual([401, 401]);
  });

  test('X58 count also as sign-ins of others who were given the address, to guess by their passwords', async () => {
    const other = await Company.open(app);
    for (let guess = 0; guess <= tooMany; guess += 1) {
      const id = await other.user({ email, password: `a-guess-${guess}` }, await other.client());
      expect(pick(await signIn(`a-guess-${guess}`), 'data', 'id')).toBe(id);
    }
    await until(() =>
      app.app
        .get(Views)
        .credentials.byEmail(email)
        .some(({ id, locked_until }) => id === user && locked_until !== null),
    );
    expect((await signIn()).status).toBe(401);
  });

  test('X58 of a locked user tell nothing to somebody else with the address and the password', async () => {
    await lockOut();
    const other = await Company.open(app, { email, password: 'pass-word' });
    expect(pick(await signIn(), 'data', 'id')).toBe(other.admin.id);
  });

  test('lock nobody when that is switched off', async () => {
    const lenient = await RunningApp.start({ MUSTER_LOCK_OUT_AFTER: '0' });
    const attempt = (password: string) => {
      const authorization = `Basic ${Buffer.from(`admin@example.com:${password}`).toString('base64')}`;
      return lenient.request('GET', '/api/1.0/profile', { headers: { authorization } });
    };
    for (let times = 0; times < 4; times += 1) expect((await attempt(`wrong-${times}`)).status).toBe(401);
    expect((await attempt('admin-password')).status).toBe(200);
    await lenient.stop();
  });
});

describe('DELETE /users/{id}/lock', () => {
  test('ends the lock: 204 without a body, at the revision of the change', async () => {
    await lockOut();
    const before = revision();
    const answer = await unlock();
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${before + 1}`);
    expect([(await signIn()).status, await isLockedOut()]).toEqual([200, false]);
  });

  test('said again, or without a lock, is 204 and changes nothing', async () => {
    await lockOut();
    await unlock();
    const before = revision();
    expect([(await unlock()).status, revision()]).toEqual([204, before]);
  });

  test('of a client’s user needs the client', async () => {
    const client = await company.client();
    const who = address();
    const id = await company.user({ email: who, password: 'pass-word' }, client);
    await lockOut(who);
    expectProblem(await unlock(undefined, id), 404, 'user_not_found');
    expect((await company.call('DELETE', `/users/${id}/lock?client_id=${client}`)).status).toBe(204);
    expect((await signIn('pass-word', who)).status).toBe(200);
  });

  test('is 404 for nobody, 403 without user.manage, 401 without a credential', async () => {
    const { key } = await company.personWith('user.view');
    await expectRefusal(company, () => unlock(undefined, 'nobody'), 404, 'user_not_found');
    await expectRefusal(company, () => unlock(key), 403, 'access_denied');
    const nobody = () => app.request('DELETE', `/api/v2/users/${user}/lock`);
    await expectRefusal(company, nobody, 401, 'auth_not_provided');
    const other = await Company.open(app);
    expectProblem(await other.call('DELETE', `/users/${user}/lock`), 404, 'user_not_found');
  });

  test('X57 of a stronger user is 403 permission_escalation', async () => {
    const { key } = await company.personWith('user.manage');
    expect((await unlock(key, (await company.personWith()).id)).status).toBe(204);
    const admin = await company.user({ roles: [adminRole] });
    await expectRefusal(company, () => unlock(key, admin), 403, 'permission_escalation');
  });
});
