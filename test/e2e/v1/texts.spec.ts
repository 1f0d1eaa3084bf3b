import { describe, expect, it, test } from '@jest/globals';
import { idOf, operatorKey, pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addRole,
  addUser,
  openCompany,
  startService,
  userFacts,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal, ids } from './expectations.js';

const app = await startService();
const { v1, v2 } = (await openCompany(app)).admin;
const GHOST = '\u200b\u3164';
const SHY = 'jane@exam\u00adple.com';
const [user, group] = [await addUser(v1), await addGroup(v1)];
const [role, client] = [await addRole(v1), await addClient(v1)];

describe('X83: an e-mail address', () => {
  it.each([
    ...[
      SHY,
      'ja\u200bne@example.com',
      '\ufeffjane@example.com',
      'jane\u202e@example.com',
      'jane\u00a0@example.com',
    ],
    ...[
      'jane@ⓔxample.com',
      'jane@ｅxample.com',
      'jose\u0301@example.com',
      'jane@xn--a.example',
      'ｊane@example.com',
    ],
  ])('%j is 400 on every route that takes one', async (email) => {
    const made = await expectNothingRecorded(v1, () => v1('POST', '/users', userFacts({ email })));
    expectRefusal(made, 400, 'invalid_email');
    const changed = await expectNothingRecorded(v1, () => v1('PUT', `/users/${user}`, { email }));
    expectRefusal(changed, 400, 'invalid_email');
    const unknown = await v1('PUT', '/users/nobody', { email });
    expectRefusal(unknown, 400, 'invalid_email');
    const admin = { first_name: 'A', last_name: 'B', email };
    const opened = await app.v2(operatorKey)('POST', '/companies', { name: 'X83', admin });
    expect([opened.status, pick(opened, 'code')]).toEqual([400, 'invalid_email']);
  });

  it('X33: is the same in both forms of its domain: 409, one filter, one sign-in', async () => {
    const email = 'Ümit@bücher.example';
    const id = await addUser(v1, { email, password: 'tempPassword' });
    for (const again of ['ümit@xn--bcher-kva.example', 'ÜMIT@BÜCHER.EXAMPLE'])
      expectRefusal(await v1('POST', '/users', userFacts({ email: again })), 409, 'email_in_use');
    for (const one of [email, 'ümit@XN--BCHER-KVA.example']) {
      expect(ids(await v1('GET', `/users?email=${encodeURIComponent(one)}`), 'users')).toEqual([id]);
      const authorization = `Basic ${Buffer.from(`${one}:tempPassword`).toString('base64')}`;
      const profile = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
      expect(pick(profile, 'data', 'email')).toBe(email);
    }
  });
});

describe('X84: a name of invisible characters only is 400', () => {
  test.each<[string, string, object]>([
    ['POST', '/users', userFacts({ first_name: GHOST })],
    ['POST', '/users', userFacts({ last_name: GHOST })],
    ['PUT', `/users/${user}`, { first_name: GHOST }],
    ['POST', '/groups', { name: GHOST }],
    ['PUT', `/groups/${group}`, { name: 'a\u2028b' }],
    ['POST', '/roles', { name: 'a\u202eb' }],
    ['PUT', `/roles/${role}`, { name: GHOST }],
    ['POST', '/clients', { name: 'a\u009bb' }],
    ['PUT', `/clients/${client}`, { name: GHOST }],
    ['PUT', `/users/${user}/properties`, { properties: { [GHOST]: 'x' } }],
    ['PUT', `/clients/${client}/properties`, { properties: { [GHOST]: 'x' } }],
    ['POST', `/clients/${client}/settings`, { [GHOST]: 'x' }],
    ['PUT', `/users/${user}/tab-instances`, { tab_ids: [GHOST] }],
    ['POST', `/groups/${group}/default-tabs`, { tab_ids: [GHOST] }],
  ])('%s %s', async (method, path, body) => {
    const answer = await expectNothingRecorded(v1, () => v1(method, path, body));
    expectRefusal(answer, 400, 'bad_request');
  });

  it('in v2, of accounts, groups and keys', async () => {
    for (const [method, path, body] of [
      ['PATCH', '/account', { name: GHOST }],
      ['POST', '/groups', { name: GHOST, permissions: [] }],
      ['PUT', `/groups/${group}`, { name: GHOST }],
      ['POST', `/users/${user}/keys`, { name: GHOST }],
    ] as const)
      expect((await v2(method, path, body)).status).toBe(400);
  });

  it('counts code points: 255 emoji are a name, 256 letters are none', async () => {
    const first_name = '😀'.repeat(255);
    const id = await addUser(v1, { first_name });
    expect(pick(await v1('GET', `/users/${id}`), 'data', 'first_name')).toBe(first_name);
    const facts = userFacts({ first_name: 'x'.repeat(256) });
    expectRefusal(await v1('POST', '/users', facts), 400, 'bad_request');
    const description = '😀'.repeat(4000);
    expect((await v1('PUT', `/groups/${group}`, { description })).status).toBe(200);
    const tooLong = await v1('PUT', `/groups/${group}`, { description: `${description}x` });
    expectRefusal(tooLong, 400, 'bad_request');
  });
});

describe('X85: an external id', () => {
  test.each([' ', 'hr-17 ', ' hr-17', '\t', 'hr\u200b17', 'hr\n17', '😀'.repeat(256)])(
    '%j is 400',
    async (external_id) => {
      for (const [method, path, body] of [
        ['POST', '/users', userFacts({ external_id })],
        ['PUT', `/users/${user}`, { external_id }],
        ['POST', '/groups', { name: 'G', external_id }],
        ['PUT', `/groups/${group}`, { external_id }],
        ['POST', '/clients', { name: 'C', external_id }],
        ['PUT', `/clients/${client}`, { external_id }],
      ] as const)
        expectRefusal(await v1(method, path, body), 400, 'bad_request');
    },
  );

  it('of a client is used once in a company: 409, and free when it is cleared or its client is closed', async () => {
    const external_id = 'crm-1';
    const first = await addClient(v1, { external_id });
    const again = () => v1('POST', '/clients', { name: 'Again', external_id });
    expectRefusal(await expectNothingRecorded(v1, again), 409, 'external_id_in_use');
    const taken = await v1('PUT', `/clients/${client}`, { external_id });
    expectRefusal(taken, 409, 'external_id_in_use');
    expect((await v1('PUT', `/clients/${first}`, { external_id })).status).toBe(200);
    await addClient((await openCompany(app)).admin.v1, { external_id });
    await v1('PUT', `/clients/${first}`, { external_id: '' });
    const second = idOf(await again());
    await v1('DELETE', `/clients/${second}`);
    expect((await again()).status).toBe(201);
  });

  it('of clients is given to one of many that ask at once, new ones and changed ones', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => addClient(v1)));
    const answers = await Promise.all([
      ...others.map((id) => v1('PUT', `/clients/${id}`, { external_id: 'race' })),
      ...others.map(() => v1('POST', '/clients', { name: 'Race', external_id: 'race' })),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    expect(ids(await v1('GET', '/clients?external_id=race'), 'clients')).toHaveLength(1);
  });
});

describe('X86: the permission *', () => {
  it('cannot be given, by an Admin either', async () => {
    for (const [method, path, body] of [
      ['POST', '/roles', { name: 'R', permissions: ['*'] }],
      ['PUT', `/roles/${role}`, { permissions: ['a', '*'] }],
      ['PUT', `/roles/${role}/permissions`, { permissions: ['*'] }],
    ] as const)
      expectRefusal(await expectNothingRecorded(v1, () => v1(method, path, body)), 400, 'bad_request');
    for (const [method, path, body] of [
      ['POST', '/groups', { name: 'G', permissions: ['*'] }],
      ['PATCH', `/groups/${group}`, { permissions: ['*'] }],
      ['PUT', `/users/${user}/permissions`, { permissions: ['*'] }],
    ] as const)
      expect((await v2(method, path, body)).status).toBe(400);
  });

  it('names have no edge blanks in roles and individual sets; groups of v2 take any text', async () => {
    const permissions = [' user.view'];
    expectRefusal(await v1('POST', '/roles', { name: 'R', permissions }), 400, 'bad_request');
    expectRefusal(await v1('PUT', `/roles/${role}/permissions`, { permissions }), 400, 'bad_request');
    expect((await v2('PUT', `/users/${user}/permissions`, { permissions })).status).toBe(400);
    expect((await v2('PATCH', `/groups/${group}`, { permissions })).status).toBe(200);
  });
});

describe('A number in a body', () => {
  const post = (number: string) =>
    v1('POST', `/clients/${client}/settings`, undefined, { rawBody: `{"other":1,"limit":${number}}` });

  test.each([
    ...['9007199254740993', '1e400', '-1e400', '1e-400', '0.1000000000000000055', '-0', '-0.0', '4.9e-324'],
    ...['3.14159265358979323846', `1${'0'.repeat(400)}`, '0.30000000000000004441', '123456789012345678'],
  ])('%s, which a double does not keep, is 400 that names it', async (number) => {
    const answer = await expectNothingRecorded(v1, () => post(number), client);
    expectRefusal(answer, 400, 'bad_request');
    expect(pick(answer, 'meta', 'error_desc')).toContain('limit');
  });

  test.each([
    ...['0', '0.0', '1.50', '1e3', '-5.5E-3', '9007199254740992', '0.1', '5e-324', '1.7976931348623157e308'],
    ...['100000000000000000000000', '0.000001', '123456789012345', '1E+2', '0e99'],
  ])('%s comes back as the same number', async (number) => {
    expect((await post(number)).status).toBe(200);
    const { text } = await v1('GET', `/clients/${client}?full=true`);
    expect(/"limit":([^,}]*)/.exec(text)?.[1]).toBe(JSON.stringify(Number(number)));
  });

  it('is refused wherever it stands in a body', async () => {
    for (const [body, name] of [
      ['{"seats":1.00000000000000000001}', 'seats'],
      ['{"name":"C","more":[{"x":1e999}]}', 'more.0.x'],
    ] as const) {
      const answer = await v1('PUT', `/clients/${client}`, undefined, { rawBody: body });
      expectRefusal(answer, 400, 'bad_request');
      expect(pick(answer, 'meta', 'error_desc')).toContain(`at ${name} `);
    }
  });
});
