import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { PasswordGate } from '../../../src/application/password-gate.js';
import { Projector } from '../../../src/read/projector.js';
import { Views } from '../../../src/read/views.js';
import { adminKey, type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { mailedToken } from '../../support/password-tokens.js';
import { until } from '../../support/views.js';
import { address, Company, expectProblem } from './company.js';

let app: RunningApp;
let company: Company;
let time = Date.now();
let email: string;
let user: string;
let token: string;

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_LOCK_OUT_AFTER: '3', MUSTER_LOCK_OUT_MINUTES: '30' });
  company = await Company.first(app);
  jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);
});
beforeEach(async () => {
  time = Date.now();
  email = address();
  user = await company.user({ email });
  token = await mailedToken(app, company.id, user);
});
afterAll(() => app.stop());

const show = (secret = token) => app.request('GET', `/api/v2/password?token=${encodeURIComponent(secret)}`);
const set = (password = 'new-password', secret = token) =>
  app.request('POST', '/api/v2/password', { body: { token: secret, password } });
function signIn(password: string, who = email): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${who}:${password}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
}
/** Gives the user the password `old-password`. */
async function setOld(): Promise<void> {
  await set('old-password', await mailedToken(app, company.id, user));
  token = await mailedToken(app, company.id, user);
}
const revision = () => app.app.get(Projector).revisionOf(company.id);

/** Both requests are refused, and nothing is written or hashed. */
async function expectInvalid(secret = token): Promise<void> {
  const before = revision();
  const hash = jest.spyOn(app.app.get(PasswordGate), 'hash');
  for (const answer of [await show(secret), await set('new-password', secret)]) {
    expectProblem(answer, 400, 'invalid_token');
    expect(pick(answer, 'detail')).toMatch(/ask for a new mail/);
    if (secret !== '') expect(answer.text).not.toContain(secret);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  expect(hash).not.toHaveBeenCalled();
  expect(revision()).toBe(before);
  hash.mockRestore();
}

describe('GET /api/v2/password', () => {
  test('tells whose password the token sets, and until when', async () => {
    const expires = time + 90_000;
    const answer = await show(await mailedToken(app, company.id, user, expires));
    expect([answer.status, answer.body]).toEqual([200, { email, expires: new Date(expires).toISOString() }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${revision()}`);
  });

  test('asked again says the same: looking does not use it', async () => {
    expect((await show()).text).toBe((await show()).text);
    expect((await set()).status).toBe(204);
  });

  test('takes the token as a Bearer token as well, which no server on the way writes down', async () => {
    const ask = (secret: string) =>
      app.request('GET', '/api/v2/password', { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask(token)).text).toBe((await show()).text);
    expectProblem(await ask('wrong'), 400, 'invalid_token');
    expectProblem(await ask(''), 400, 'bad_request');
  });

  test.each(['', '?token=a&token=b', '?token[]=a'])('with the query %j is 400', async (query) => {
    expectProblem(await app.request('GET', `/api/v2/password${query}`), 400, 'bad_request');
  });
});

describe('POST /api/v2/password', () => {
  test('sets the password: the new one signs in, the old one no more', async () => {
    await setOld();
    expect((await signIn('old-password')).status).toBe(200);
    const answer = await set();
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await signIn('old-password')).status).toBe(401);
    expect((await signIn('new-password')).status).toBe(200);
  });

  test('a check of the old password that is remembered ends', async () => {
    await setOld();
    for (let times = 0; times < 2; times += 1) expect((await signIn('old-password')).status).toBe(200);
    await set();
    expect((await signIn('old-password')).status).toBe(401);
  });

  test('gives a first password to a user without one', async () => {
    expect((await set('first-password')).status).toBe(204);
    expect((await signIn('first-password')).status).toBe(200);
  });

  test('ends the lock of the user', async () => {
    await setOld();
    for (let times = 0; times < 3; times += 1) await signIn('wrong');
    const lockedUntil = () => app.app.get(Views).credentials.byEmail(email)[0]?.locked_until ?? null;
    await until(() => lockedUntil() !== null);
    expect((await signIn('old-password')).status).toBe(401);
    await set();
    expect(lockedUntil()).toBeNull();
    expect((await signIn('new-password')).status).toBe(200);
  });

  test('leaves the API keys of the user', async () => {
    const key = await company.key(user);
    await set();
    expect((await company.call('GET', '/account', undefined, key)).status).toBe(200);
  });

  test('says at which revision, so that other instances know the password', async () => {
    const answer = await set();
    expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${revision()}`);
  });

  test('works for users of client accounts', async () => {
    const client = await company.client();
    const own = address();
    const id = await company.user({ email: own }, client);
    expect((await set('new-password', await mailedToken(app, client, id))).status).toBe(204);
    expect((await signIn('new-password', own)).status).toBe(200);
  });

  test('of two at once with one token exactly one sets its password', async () => {
    for (let round = 0; round < 3; round += 1) {
      const secret = await mailedToken(app, company.id, user);
      const words = [`one-password-${round}`, `other-password-${round}`];
      const answers = await Promise.all(words.map((word) => set(word, secret)));
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
      expectProblem(answers.find(({ status }) => status === 400) as Answer, 400, 'invalid_token');
      const winner = answers.findIndex(({ status }) => status === 204);
      expect((await signIn(words[winner] ?? '')).status).toBe(200);
    }
  });

  test.each([
    ['no password', { password: undefined }],
    ['an empty password', { password: '' }],
    ['X98: 7 characters', { password: 'seven c' }],
    ['a number', { password: 5 }],
    ['null', { password: null }],
    ['1,025 characters', { password: 'x'.repeat(1025) }],
    ['a NUL', { password: 'a\u0000' }],
    ['a lone surrogate', { password: '\ud800' }],
    ['no token', { token: undefined }],
    ['a token that is a list', { token: ['a'] }],
    ['a token that is null', { token: null }],
  ])('with %s is 400, and the token is good still', async (_, fields) => {
    const before = revision();
    const body = { token, password: 'new-password', ...fields };
    expectProblem(await app.request('POST', '/api/v2/password', { body }), 400, 'bad_request');
    expect(revision()).toBe(before);
    expect((await show()).status).toBe(200);
  });

  test.each(['', '{', '[]', 'null', '"x"'])('with the body %j is 400', async (rawBody) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await app.request('POST', '/api/v2/password', { rawBody, headers });
    expectProblem(answer, 400, 'bad_request');
  });

  test('with a compressed body is 415, and the token is good still', async () => {
    const rawBody = gzipSync(JSON.stringify({ token, password: 'new' }));
    const answer = await app.request('POST', '/api/v2/password', {
      ...{ rawBody, headers: { 'content-encoding': 'gzip' } },
    });
    expectProblem(answer, 415, 'unsupported_media_type');
    expect((await app.request('GET', `/api/v2/password?token=${token}`)).status).toBe(200);
  });

  test('with another type of body is 415', async () => {
    const rawBody = `token=${token}&password=new`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await app.request('POST', '/api/v2/password', { rawBody, headers });
    expectProblem(answer, 415, 'unsupported_media_type');
  });
});

describe('a token is not valid', () => {
  test('when it was used', async () => {
    await set();
    await expectInvalid();
  });

  test('when another one of the user was used', async () => {
    const other = await mailedToken(app, company.id, user);
    await set('new-password', other);
    await expectInvalid();
  });

  test('when it has expired, at that very time', async () => {
    const expires = Date.now() + 1000;
    const secret = await mailedToken(app, company.id, user, expires);
    time = expires - 1;
    expect((await show(secret)).status).toBe(200);
    time = expires;
    await expectInvalid(secret);
  });

  test('when it expires while the password is hashed', async () => {
    const expires = Date.now() + 1000;
    const secret = await mailedToken(app, company.id, user, expires);
    const hash = jest.spyOn(app.app.get(PasswordGate), 'hash').mockImplementation(() => {
      time = expires;
      return Promise.resolve('scrypt$');
    });
    expectProblem(await set('new-password', secret), 400, 'invalid_token');
    hash.mockRestore();
    expect(app.app.get(Views).credentials.byEmail(email)).toEqual([]);
  });

  test('when the user has another address by now', async () => {
    await app.v1()('PUT', `/users/${user}`, { email: address() });
    await expectInvalid();
  });

  test('when the user is gone, also for another with the address', async () => {
    await app.v1()('DELETE', `/users/${user}`);
    await company.user({ email });
    await expectInvalid();
  });

  test.each<[string, (good: string) => string]>([
    ['empty', () => ''],
    ['of another form', () => 'letmein'],
    ['unknown', () => `mt_${company.id}_${'x'.repeat(43)}`],
    ['of an account that there is not', () => `mt_${'f'.repeat(32)}_${'x'.repeat(43)}`],
    ['the same with more behind it', (good) => `${good}x`],
    ['the same with a blank', (good) => ` ${good}`],
    ['the same in upper case', (good) => good.toUpperCase()],
    ['an API key', () => adminKey],
    ['long', () => `mt_${company.id}_${'x'.repeat(3000)}`],
  ])('when it is %s', (_, change) => expectInvalid(change(token)));

  test('for anything else: it is no API key', async () => {
    expectProblem(await app.v2(token)('GET', '/account'), 401, 'auth_fail');
  });
});
