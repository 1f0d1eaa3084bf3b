import { beforeEach, describe, expect, it } from '@jest/globals';
import { Views } from '../../../src/read/views.js';
import {
  addAdmin,
  addClient,
  addPerson,
  addUser,
  type Call,
  type Company,
  openCompany,
  startService,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const stranger = await openCompany(app);
const names = ['resend-invite', 'reset-password'] as const;
const kinds = { 'resend-invite': 'invitation', 'reset-password': 'password_reset' } as const;

let company: Company;
let v1: Call;
let jane: string;
beforeEach(async () => {
  company = await openCompany(app);
  ({ v1 } = company.admin);
  jane = await addUser(v1);
});

const path = (name: string, user = jane) => `/users/${user}/@/${name}`;
const pending = (user = jane) =>
  app.app
    .get(Views)
    .mails.pendingMails(new Date().toISOString(), 1000)
    .filter(({ user_id }) => user_id === user);

describe.each(names)('POST /users/{id}/@/%s', (name) => {
  it('T406: answers what was requested, and a mail to the user is to be sent', async () => {
    const answer = await v1('POST', path(name));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...doneWithData, data: { op_requested: name } });
    expect(pending()).toMatchObject([{ account: company.id, kind: kinds[name], attempts: 0, due: null }]);
  });

  it('T406: may be sent with its @ encoded, as some callers encode every part of a path', async () => {
    const answer = await v1('POST', `/users/${jane}/%40/${name}?from=/%40/`);
    expect(answer.body).toEqual({ ...doneWithData, data: { op_requested: name } });
    expect(pending()).toMatchObject([{ kind: kinds[name] }]);
  });

  it('T406: asks for one mail however often it is said', async () => {
    await v1('POST', path(name));
    const again = await expectNothingRecorded(v1, () => v1('POST', path(name)));
    expect(again.body).toEqual({ ...doneWithData, data: { op_requested: name } });
    expect(pending()).toHaveLength(1);
  });

  it('T406: one of many at once asks for a mail', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => v1('POST', path(name))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(pending()).toHaveLength(1);
  });

  it('T018 T406: takes bodies that say nothing', async () => {
    for (const rawBody of ['', ' \n', '{}', '[]', 'null']) {
      const answer = await v1('POST', path(name), undefined, { rawBody });
      expect({ rawBody, status: answer.status }).toEqual({ rawBody, status: 200 });
    }
  });

  it('X4: acts in the client account that the query or the body names', async () => {
    const client = await addClient(v1);
    const theirs = [await addUser(v1, {}, client), await addUser(v1, {}, client)] as const;
    expect((await v1('POST', `${path(name, theirs[0])}?client_id=${client}`)).status).toBe(200);
    expect((await v1('POST', path(name, theirs[1]), { client_id: client })).status).toBe(200);
    for (const user of theirs) expect(pending(user)).toMatchObject([{ account: client }]);
    expectRefusal(await v1('POST', path(name, theirs[0])), 404, 'user_not_found');
    expectRefusal(await v1('POST', path(name), { client_id: client }), 404, 'user_not_found');
  });

  it('T406 X10: an unknown user is 404, one of another company 401', async () => {
    expectRefusal(await v1('POST', path(name, 'nobody')), 404, 'user_not_found');
    const foreign = await expectNothingRecorded(v1, () => stranger.admin.v1('POST', path(name)));
    expectRefusal(foreign, 401, 'access_denied');
    expect(pending()).toEqual([]);
  });

  it('T406: needs user.manage, for oneself too', async () => {
    const viewer = await addPerson(app, company.admin, ['user.view']);
    for (const user of [jane, viewer.id]) {
      const answer = await expectNothingRecorded(v1, () => viewer.v1('POST', path(name, user)));
      expectRefusal(answer, 401, 'access_denied');
    }
  });

  it('X57: is open for a stronger user: the mail goes to the own address of that user', async () => {
    const manager = await addPerson(app, company.admin, ['user.manage']);
    const boss = await addAdmin(app, company.admin);
    expect((await manager.v1('POST', path(name, boss.id))).status).toBe(200);
    expect(pending(boss.id)).toHaveLength(1);
  });
});

it('T406: both mails can be on their way to one user', async () => {
  for (const name of names) await v1('POST', path(name));
  expect(pending().map(({ kind }) => kind)).toEqual(['invitation', 'password_reset']);
});

it('X64: an operation that there is not is 404', async () => {
  expectRefusal(await v1('POST', path('make-coffee')), 404, 'not_found');
  expectRefusal(await v1('GET', path('reset-password')), 404, 'not_found');
});
