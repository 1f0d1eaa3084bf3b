import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Views } from '../../../src/read/views.js';
import { idOf, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Mailbox, type Received } from '../../support/mailbox.js';
import { addClient, type Company, openCompany, unique, userFacts } from '../../support/people.js';
import { until } from '../../support/views.js';

let mailbox: Mailbox;
let app: RunningApp;
let company: Company;
let email: string;

beforeAll(async () => {
  mailbox = await Mailbox.start();
  app = await RunningApp.start({ SMTP_URL: mailbox.url }, { sendsMails: true });
  company = await openCompany(app, { name: 'Čapek & Söhne' });
});
beforeEach(() => {
  email = `${unique('karel')}@example.com`;
});
afterEach(() => {
  mailbox.received.length = 0;
  mailbox.refuseMessage = () => undefined;
});
afterAll(async () => {
  await app.stop();
  await mailbox.stop();
});

const create = (facts: object, query = '') =>
  company.admin.v1('POST', `/users${query}`, userFacts({ email, first_name: 'Karel', ...facts }));
const isSent = () => until(() => app.app.get(Views).mails.count() === 0);

/** The address in a mail, and the token at its end. */
function linkIn(received: Received | undefined): { readonly link: string; readonly token: string } {
  const [link = '', token = ''] = /^http\S+#(\S+)$/m.exec(received?.mail.text ?? '') ?? [];
  expect(received?.mail.html).toContain(`href="${link}"`);
  return { link, token };
}

function signIn(password: string) {
  const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
  return app.request('GET', '/api/1.0/profile', { headers: { authorization } });
}

const choose = (token: string, password: string) =>
  app.request('POST', '/api/v2/password', { body: { token, password } });

describe('POST /users', () => {
  test('T217: ?send_email=true sends one welcome mail, after the user exists, whose link sets a password', async () => {
    const seen: unknown[] = [];
    mailbox.refuseMessage = async () => {
      seen.push(pick(await company.admin.v1('GET', `/users?email=${email}`), 'data', 'users', 0, 'email'));
      return undefined;
    };
    expect((await create({}, '?send_email=true')).status).toBe(201);
    const [received] = await mailbox.has(1);
    await isSent();
    expect(seen).toEqual([email]);
    expect(mailbox.recipients).toEqual([email]);
    expect(received?.mail.subject).toBe('Welcome to Čapek & Söhne');
    expect(received?.mail.text).toContain('Hello Karel,');
    expect(received?.mail.text).toContain('choose a password:');

    const { link, token } = linkIn(received);
    expect(link).toBe(`${app.url}/password#${token}`);
    expect((await app.request('GET', new URL(link).pathname)).status).toBe(200);
    expect((await choose(token, 'R.U.R. 1920')).status).toBe(204);
    expect((await signIn('R.U.R. 1920')).status).toBe(200);
    expect((await choose(token, 'other-one')).status).toBe(400);
  });

  test('T217: a user with a password hears that it works, and may choose another', async () => {
    await create({ send_email: true, password: 'given-one' });
    const [received] = await mailbox.has(1);
    expect((await signIn('given-one')).status).toBe(200);
    expect(received?.mail.text).toContain('the password that was set for you');
    expect(received?.raw).not.toContain('given-one');
    expect((await choose(linkIn(received).token, 'chosen-one')).status).toBe(204);
    expect([(await signIn('given-one')).status, (await signIn('chosen-one')).status]).toEqual([401, 200]);
    await isSent();
  });

  test('T217: the mail of a user of a client account names that account', async () => {
    const client_id = await addClient(company.admin.v1, { name: 'Vaněk' });
    await create({ send_email: true, client_id });
    const [received] = await mailbox.has(1);
    expect(received?.mail.subject).toBe('Welcome to Vaněk');
    await isSent();
  });

  test('T216 T220 T222: no mail without send_email, nor for a user who was refused', async () => {
    expect((await create({ email: `${unique('other-one')}@example.com` })).status).toBe(201);
    expect((await create({ roles: ['none'] }, '?send_email=true')).status).toBe(400);
    expect((await create({ send_email: true })).status).toBe(201);
    expect((await create({}, '?send_email=true')).status).toBe(409);
    // What was asked for afterwards has come: what had been asked for before would have, too.
    email = `${unique('last')}@example.com`;
    await create({ send_email: true });
    await mailbox.has(2);
    await isSent();
    expect(mailbox.recipients).toHaveLength(2);
    expect(mailbox.recipients[1]).toBe(email);
  });
});

describe('POST /users/{id}/@/…', () => {
  test.each([
    ['resend-invite', 'Invitation to Čapek & Söhne'],
    ['reset-password', 'A new password for Čapek & Söhne'],
  ])('T406: %s sends a mail whose link sets a password', async (name, subject) => {
    const user = idOf(await create({}));
    expect((await company.admin.v1('POST', `/users/${user}/@/${name}`)).status).toBe(200);
    const [received] = await mailbox.has(1);
    expect(received).toMatchObject({ to: [email], mail: { subject } });
    expect((await choose(linkIn(received).token, 'chosen-one')).status).toBe(204);
    expect((await signIn('chosen-one')).status).toBe(200);
    await isSent();
  });
});
