import { describe, expect, it } from '@jest/globals';
import { adminKey, pick } from '../../support/api-client.js';
import { addClient, addPerson, addUser, openCompany, startService, unique } from '../../support/people.js';
import { expectRefusal } from './expectations.js';
import { fill, incompleteRoutes, nobody, routes } from './routes.js';

const app = await startService();
const { admin } = await openCompany(app);

function basic(email: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
}

const profile = (headers: Record<string, string>) => app.request('GET', '/api/1.0/profile', { headers });

describe('Without a good credential', () => {
  it.each([...routes, ...incompleteRoutes])('T006: $method $path says so', async ({ method, path }) => {
    const answer = await app.request(method, `/api/1.0${fill(path, nobody)}`);
    expect(answer.body).toEqual({
      meta: {
        success: false,
        status: 401,
        error_code: 'auth_not_provided',
        error_desc: 'This operation requires authentication',
      },
    });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it.each([{ 'kf-api-key': '' }, { authorization: '' }, { 'kf-api-key': '', authorization: ' ' }])(
    'T006: an empty header is none: %j',
    async (headers) => {
      expectRefusal(await profile(headers), 401, 'auth_not_provided');
    },
  );

  it.each([
    ['an unknown key', { 'kf-api-key': 'unknown' }],
    ['a wrong password', basic('admin@example.com', 'wrong')],
    ['an empty password', basic('admin@example.com', '')],
    ['an unknown address', basic('nobody@example.com', 'admin-password')],
    ['no colon', { authorization: `Basic ${Buffer.from('admin@example.com').toString('base64')}` }],
    ['no base64', { authorization: 'Basic ###' }],
    ['nothing after the scheme', { authorization: 'Basic' }],
    ['another scheme', { authorization: 'Digest username="admin"' }],
    ['a key as Bearer token', { authorization: `Bearer ${adminKey}` }],
    [
      'a wrong key beside a good password',
      { 'kf-api-key': 'x', ...basic('admin@example.com', 'admin-password') },
    ],
  ])('T007: %s is 401 auth_fail', async (_, headers) => {
    const answer = await profile(headers);
    expectRefusal(answer, 401, 'auth_fail');
    expect(pick(answer, 'meta', 'error_desc')).toBe('The credentials you provided are invalid');
  });

  // 28 bytes: one letter of padding, and two bits that a canonical spelling leaves at zero.
  const good = Buffer.from('admin@example.com:admin-password').toString('base64').replace(/=+$/, '');
  it.each([
    ['without its padding', good],
    ['with more padding', `${good}==`],
    ['with something after the padding', `${good}=x`],
    ['with rubbish after the padding', `${good}=:::`],
    ['with a blank in it', `${good.slice(0, 8)} ${good.slice(8)}=`],
    ['with a letter that is none of base64', `${good.slice(0, 8)}!${good.slice(8)}=`],
    [
      'with bits where zeros belong',
      `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) + 1)}=`,
    ],
    ['behind a comma', `,${good}=`],
    ['followed by a comma', `${good}=, x`],
    ['behind a no-break space', `\u00a0${good}=`],
  ])('T007: good credentials in base64 %s are 401 auth_fail', async (_, encoded) => {
    expectRefusal(await profile({ authorization: `Basic ${encoded}` }), 401, 'auth_fail');
  });

  it('T007: credentials in the letters of base64url are 401 auth_fail, in those of base64 they are good', async () => {
    const [email, password] = [`${unique('jane')}@example.com`, '???>>>~~~ÿÿÿ'];
    await addUser(admin.v1, { email, password });
    const encoded = Buffer.from(`${email}:${password}`).toString('base64');
    expect(encoded).toMatch(/[+/]/);
    expect((await profile({ authorization: `Basic ${encoded}` })).status).toBe(200);
    expect((await profile({ authorization: `basic  ${encoded}` })).status).toBe(200);
    const url = encoded.replaceAll('+', '-').replaceAll('/', '_');
    expectRefusal(await profile({ authorization: `Basic ${url}` }), 401, 'auth_fail');
  });

  it('T007: a password that is not UTF-8 is 401 auth_fail, not the one it looks like', async () => {
    const email = `${unique('jane')}@example.com`;
    await addUser(admin.v1, { email, password: 'a\ufffdb-and-more' });
    const encoded = Buffer.from(`${email}:a\xffb-and-more`, 'latin1').toString('base64');
    expectRefusal(await profile({ authorization: `Basic ${encoded}` }), 401, 'auth_fail');
    expect((await profile(basic(email, 'a\ufffdb-and-more'))).status).toBe(200);
  });

  it('T007: the key of a deleted user is 401 auth_fail', async () => {
    const jane = await addPerson(app, admin, []);
    expect((await jane.v1('GET', '/profile')).status).toBe(200);
    await admin.v1('DELETE', `/users/${jane.id}`);
    expectRefusal(await jane.v1('GET', '/profile'), 401, 'auth_fail');
  });
});

describe('A good credential', () => {
  it('T008 X39: the header kf-api-key, whatever kf-user-id says', async () => {
    const answer = await profile({ 'kf-api-key': adminKey, 'kf-user-id': 'somebody-else' });
    expect(pick(answer, 'data', 'email')).toBe('admin@example.com');
  });

  it.each([
    ['as it was given', 'admin@example.com'],
    ['in other letter case', 'ADMIN@Example.COM'],
  ])('T009 X39: HTTP Basic with the address %s', async (_, email) => {
    const answer = await profile(basic(email, 'admin-password'));
    expect(answer.status).toBe(200);
    expect(pick(answer, 'data', 'email')).toBe('admin@example.com');
  });

  it('T009: a password may hold colons and letters of any script', async () => {
    const [email, password] = [`${unique('jane')}@example.com`, 'a:b:ü 語 c:d'];
    const user = await addUser(admin.v1, { email, password });
    expect(pick(await profile(basic(email, password)), 'data', 'id')).toBe(user);
  });

  it('T009: ends with the user', async () => {
    const [email, password] = [`${unique('jane')}@example.com`, 'open sesame'];
    const user = await addUser(admin.v1, { email, password });
    expect((await profile(basic(email, password))).status).toBe(200);
    await admin.v1('DELETE', `/users/${user}`);
    expectRefusal(await profile(basic(email, password)), 401, 'auth_fail');
  });

  it('X74: calling with an API key is no sign-in', async () => {
    const jane = await addPerson(app, admin, []);
    expect((await jane.v1('GET', '/profile')).status).toBe(200);
    const { body } = await admin.v1('GET', `/users/${jane.id}`);
    expect(body).toMatchObject({ data: { date_last_login: null } });
  });
});

describe('One address in several accounts', () => {
  const email = `${unique('twice')}@example.com`;

  it('T223 X58: the password says which account is meant', async () => {
    const client = await addClient(admin.v1);
    const one = await addUser(admin.v1, { email, password: 'first-password' });
    const other = await addUser(admin.v1, { email, password: 'second-password' }, client);
    expect(pick(await profile(basic(email, 'first-password')), 'data', 'id')).toBe(one);
    expect(pick(await profile(basic(email, 'second-password')), 'data', 'id')).toBe(other);
    expectRefusal(await profile(basic(email, 'third')), 401, 'auth_fail');
  });

  it('X58: a password that fits several is 401 auth_ambiguous, never a guess', async () => {
    await openCompany(app, { email, password: 'first-password' });
    expectRefusal(await profile(basic(email, 'first-password')), 401, 'auth_ambiguous');
    expect((await profile(basic(email, 'second-password'))).status).toBe(200);
  });
});
