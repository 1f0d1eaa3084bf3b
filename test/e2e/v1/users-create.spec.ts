import { describe, expect, it } from '@jest/globals';
import { Views } from '../../../src/read/views.js';
import { idOf, pick } from '../../support/api-client.js';
import {
  addClient,
  addPerson,
  addRole,
  addUser,
  EDITOR,
  openCompany,
  startService,
  unique,
  userFacts,
  VIEW_ONLY,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal, ids, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

const create = (facts: object = {}, query = '') => v1('POST', `/users${query}`, userFacts(facts));
await create({ email: 'Taken@Example.com' });
const detail = async (id: string) => pick(await v1('GET', `/users/${id}?full=true`), 'data');

describe('POST /users', () => {
  it('T210 X7: answers only where the new user is', async () => {
    const answer = await create({ first_name: 'Jane', last_name: 'Doe' });
    expect(answer.status).toBe(201);
    const location = `/users/${idOf(answer)}`;
    expect(answer.body).toEqual({ meta: { status: 201, success: true, location }, data: {} });
    expect(idOf(answer)).toMatch(/^[0-9a-f]{32}$/);
    expect(await detail(idOf(answer))).toMatchObject({ first_name: 'Jane', last_name: 'Doe' });
  });

  it.each(['first_name', 'last_name', 'roles', 'email'])('T211 X32: without %s it is 400', async (field) => {
    const answer = await expectNothingRecorded(v1, () => create({ [field]: undefined }));
    expectRefusal(answer, 400, 'bad_request');
    expect(pick(answer, 'meta', 'error_desc')).toContain(field);
  });

  it('T211 X32: with no role it is 400', async () => {
    expectRefusal(await expectNothingRecorded(v1, () => create({ roles: [] })), 400, 'bad_request');
  });

  it.each(['first_name', 'last_name'])('X79: a blank %s is 400', async (field) => {
    for (const blank of ['', ' ', '\u00a0'])
      expectRefusal(await create({ [field]: blank }), 400, 'bad_request');
  });

  it('T212: all roles are assigned', async () => {
    const roles = [VIEW_ONLY, EDITOR, await addRole(v1)];
    expect(await detail(idOf(await create({ roles })))).toHaveProperty('roles', roles);
  });

  it('T224: a role named twice counts once', async () => {
    const user = idOf(await create({ roles: [EDITOR, EDITOR] }));
    expect(await detail(user)).toHaveProperty('roles', [EDITOR]);
    expect(ids(await v1('GET', `/roles/${EDITOR}/users`), 'users').filter((id) => id === user)).toHaveLength(
      1,
    );
  });

  it('T213: password sets the initial password', async () => {
    const email = `${unique('jane')}@example.com`;
    await create({ email, password: 'tempPassword' });
    const authorization = `Basic ${Buffer.from(`${email}:tempPassword`).toString('base64')}`;
    const answer = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
    expect(pick(answer, 'data', 'email')).toBe(email);
  });

  it.each([undefined, null])('T213: password %j: nobody signs in with an empty one', async (password) => {
    const email = `${unique('jane')}@example.com`;
    expect((await create({ email, password })).status).toBe(201);
    const authorization = `Basic ${Buffer.from(`${email}:`).toString('base64')}`;
    const answer = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
    expectRefusal(answer, 401, 'auth_fail');
  });

  it('T214: external_id is stored and filters', async () => {
    const user = idOf(await create({ external_id: 'T214' }));
    expect(await detail(user)).toHaveProperty('external_id', 'T214');
    expect(ids(await v1('GET', '/users?external_id=T214'), 'users')).toEqual([user]);
  });

  it.each([null, ''])('T214: external_id %j is none, however often', async (external_id) => {
    const users = [idOf(await create({ external_id })), idOf(await create({ external_id }))];
    for (const user of users) expect(await detail(user)).not.toHaveProperty('external_id');
  });

  const mailsTo = (user?: string) =>
    app.app
      .get(Views)
      .mails.pendingMails(new Date().toISOString(), 1000)
      .filter(({ user_id }) => user === undefined || user_id === user)
      .map(({ kind }) => kind);

  it.each([true, false, 'true', 'false'])(
    'T216 T217 T218 X6: send_email %j in the body or in the query, which wins, says whether a welcome mail is sent',
    async (send_email) => {
      const wanted = String(send_email) === 'true' ? ['welcome'] : [];
      const users = [
        ...[await create({ send_email }), await create({}, `?send_email=${String(send_email)}`)],
        await create({ send_email: String(send_email) !== 'true' }, `?send_email=${String(send_email)}`),
      ];
      for (const answer of users) expect([answer.status, mailsTo(idOf(answer))]).toEqual([201, wanted]);
    },
  );

  it('T216: without send_email, or with null, no mail is sent', async () => {
    for (const facts of [{}, { password: 'password' }, { send_email: null }])
      expect(mailsTo(idOf(await create(facts)))).toEqual([]);
  });

  it.each([
    ['T220', { roles: ['none'] }, 400, 'invalid_role'],
    ['T221', { email: 'nobody' }, 400, 'invalid_email'],
    ['T222', { email: 'taken@example.com' }, 409, 'email_in_use'],
  ])('%s: refused with %j, no mail is sent', async (_, facts, status, code) => {
    const before = mailsTo();
    const answer = await expectNothingRecorded(v1, () => create(facts, '?send_email=true'));
    expectRefusal(answer, status, code);
    expect(mailsTo()).toEqual(before);
  });

  it.each(['yes', '1', '', 'TRUE', 0, [], {}])('T217 T218: send_email %j is 400', async (flag) => {
    const inBody = await expectNothingRecorded(v1, () => create({ send_email: flag }));
    expectRefusal(inBody, 400, 'bad_request');
    if (typeof flag !== 'string') return;
    const inQuery = await expectNothingRecorded(v1, () => create({}, `?send_email=${flag}`));
    expectRefusal(inQuery, 400, 'bad_request');
  });

  it('T219: needs user.manage', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view']);
    const answer = await expectNothingRecorded(v1, () => viewer.v1('POST', '/users', userFacts()));
    expectRefusal(answer, 401, 'access_denied');
  });

  it('T220 X31: an unknown or foreign role is 400 that names it, and no user', async () => {
    const foreign = await addRole((await openCompany(app)).admin.v1);
    for (const role of ['0123456789abc', foreign]) {
      const answer = await expectNothingRecorded(v1, () => create({ roles: [VIEW_ONLY, role] }));
      expectRefusal(answer, 400, 'invalid_role');
      expect(pick(answer, 'meta', 'error_desc')).toContain(role);
    }
  });

  it.each(['jane', 'jane@', '@example.com', 'jane@example', 'a b@example.com', 'a@b@example.com', ''])(
    'T221: the address "%s" is 400',
    async (email) => {
      expectRefusal(await expectNothingRecorded(v1, () => create({ email })), 400, 'invalid_email');
    },
  );

  it.each(['Taken@Example.com', 'taken@example.com', 'TAKEN@EXAMPLE.COM'])(
    'T222 X33: %s is in use in the account: 409',
    async (email) => {
      expectRefusal(await expectNothingRecorded(v1, () => create({ email })), 409, 'email_in_use');
    },
  );

  it('X33: an external_id in use in the account is 409', async () => {
    await create({ external_id: 'X33' });
    const answer = await expectNothingRecorded(v1, () => create({ external_id: 'X33' }));
    expectRefusal(answer, 409, 'external_id_in_use');
    expect((await create({ external_id: 'x33' })).status).toBe(201);
  });

  it('T223 X33: address and external_id are free in another account', async () => {
    const facts = { email: 'T223@example.com', external_id: 'T223' };
    expect((await create(facts)).status).toBe(201);
    expect((await create({ ...facts, client_id: await addClient(v1) })).status).toBe(201);
    const other = await openCompany(app);
    expect((await other.admin.v1('POST', '/users', userFacts(facts))).status).toBe(201);
  });

  it.each([0, 2])('T225: %d seats are the most users a client has', async (seats) => {
    const client = await addClient(v1, { seats });
    const users = [];
    for (let i = 0; i < seats; i += 1) users.push(await addUser(v1, {}, client));
    const more = () => create({ client_id: client });
    expectRefusal(await expectNothingRecorded(v1, more, client), 403, 'seat_limit');
    if (users[0] === undefined) return;
    await v1('DELETE', `/users/${users[0]}?client_id=${client}`);
    expect((await more()).status).toBe(201);
  });

  it('T225: seats -1 is no limit, and the default', async () => {
    for (const facts of [{ seats: -1 }, {}]) {
      const client = await addClient(v1, facts);
      for (let i = 0; i < 3; i += 1) expect((await create({ client_id: client })).status).toBe(201);
    }
  });

  it('T225: of two users at once for the last seat, one gets it', async () => {
    const client = await addClient(v1, { seats: 1 });
    const answers = await Promise.all([create({ client_id: client }), create({ client_id: client })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403]);
  });

  it('T226: the new user is in All Users', async () => {
    const user = idOf(await create());
    const [all] = rows(await v1('GET', '/groups'), 'groups');
    const members = pick(await v1('GET', `/groups/${String(all?.['id'])}?full=true`), 'data', 'members');
    expect(members).toContainEqual(expect.objectContaining({ id: user }));
  });

  it('X81: the first user of a client gets just the roles named', async () => {
    const client = await addClient(v1);
    const user = idOf(await create({ client_id: client, roles: [VIEW_ONLY] }));
    const { body } = await v1('GET', `/users/${user}?full=true&client_id=${client}`);
    expect(body).toMatchObject({ data: { roles: [VIEW_ONLY] } });
  });

  it('X37: fields that are not listed are ignored', async () => {
    const facts = { id: 'mine', company: 'Mine', is_locked_out: true, groups: ['x'], properties: { a: 'b' } };
    const user = idOf(await create({ ...facts, date_created: '2001-01-01T00:00:00Z' }));
    expect(user).not.toBe('mine');
    const shown = (await detail(user)) as Record<string, unknown>;
    expect(shown).toMatchObject({ id: user, company: home.name, is_locked_out: false, properties: {} });
    expect(shown['date_created']).not.toBe('2001-01-01T00:00:00Z');
  });
});
