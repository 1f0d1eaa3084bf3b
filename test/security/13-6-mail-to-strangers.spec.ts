import { beforeEach, expect, jest, test } from '@jest/globals';
import { Clock } from '../../src/application/clock.js';
import { Execute } from '../../src/application/execute.js';
import { PasswordGate } from '../../src/application/password-gate.js';
import { RecordMailSent } from '../../src/domain/mail.js';
import { mailText } from '../../src/publish/mail-text.js';
import { Views } from '../../src/read/views.js';
import { type Answer } from '../support/api-client.js';
import { system } from '../support/domain.js';
import { addClient, addUser, openCompany, startService, unique, userFacts } from '../support/people.js';
import { expectNothingRecorded, expectRefusal } from '../e2e/v1/expectations.js';

const app = await startService({ MUSTER_MAILS_PER_COMPANY: '20', MUSTER_MAILS_PER_ADDRESS: '3' });
let { id: company, admin } = await openCompany(app);
let time = Date.now();
jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);
const minute = 60_000;

beforeEach(async () => {
  ({ id: company, admin } = await openCompany(app));
});

const ask = (user: string, operation = 'reset-password') =>
  admin.v1('POST', `/users/${user}/@/${operation}`, {});
const welcome = (email: string, facts: object = {}, call = admin.v1) =>
  call('POST', '/users?send_email=true', userFacts({ email, ...facts }));
const address = () => `${unique('jane')}@example.com`;

/** Expects 429 that says when to come again, and that nothing was recorded. */
async function refused(call: () => Promise<Answer>, seconds: number): Promise<void> {
  const answer = await expectNothingRecorded(admin.v1, call);
  expectRefusal(answer, 429, 'rate_limited');
  expect(answer.headers.get('retry-after')).toBe(String(seconds));
}

/** Records that the mails of a user that wait were sent. */
async function send(user_id: string): Promise<void> {
  const [views, execute] = [app.app.get(Views), app.app.get(Execute)];
  const waiting = views.mails.pendingMails(new Date(time).toISOString(), 100);
  for (const { mail_id } of waiting.filter((one) => one.user_id === user_id))
    await execute.run(new RecordMailSent(company, { user_id, mail_id }, system));
}

test('between two mails of a kind to a user is a minute', async () => {
  const user = await addUser(admin.v1);
  expect((await ask(user)).status).toBe(200);
  expect((await expectNothingRecorded(admin.v1, () => ask(user))).status).toBe(200);
  await send(user);
  time += minute - 1_000;
  await refused(() => ask(user), 1);
  expect((await ask(user, 'resend-invite')).status).toBe(200);
  time += 1_000;
  expect((await ask(user)).status).toBe(200);
});

test('one address is sent only so many mails an hour, whoever asks and for whichever user', async () => {
  const email = address();
  for (let times = 0; times < 3; times += 1) {
    const other = await openCompany(app);
    expect((await welcome(email, {}, other.admin.v1)).status).toBe(201);
  }
  await refused(() => welcome(email.toUpperCase()), 1200);
  time += 20 * minute;
  expect((await welcome(email)).status).toBe(201);
});

test('one company asks for only so many mails an hour, its client accounts included', async () => {
  const client = await addClient(admin.v1);
  const inClient = (email: string) =>
    admin.v1('POST', `/users?client_id=${client}&send_email=true`, userFacts({ email }));
  for (let times = 0; times < 10; times += 1)
    expect([(await welcome(address())).status, (await inClient(address())).status]).toEqual([201, 201]);
  await refused(() => welcome(address()), 180);
  expect((await inClient(address())).status).toBe(429);
  const other = await openCompany(app);
  expect((await welcome(address(), {}, other.admin.v1)).status).toBe(201);
  expect((await admin.v1('POST', '/users', userFacts())).status).toBe(201);
});

test('no password is hashed for a user whose mail is refused', async () => {
  const [hash, email] = [jest.spyOn(app.app.get(PasswordGate), 'hash'), address()];
  for (let times = 0; times < 3; times += 1) await welcome(email, {}, (await openCompany(app)).admin.v1);
  await refused(() => welcome(email, { password: 'pass-word' }), 1200);
  expect(hash).not.toHaveBeenCalled();
  hash.mockRestore();
});

test('what asks for no mail costs none', async () => {
  const email = address();
  expect((await welcome(email)).status).toBe(201);
  for (let times = 0; times < 5; times += 1) expect((await welcome(email)).status).toBe(409);
  const other = await openCompany(app);
  expect((await welcome(email, {}, other.admin.v1)).status).toBe(201);
});

test.each([
  ['https://evil.example/login?x=1', 'evil. example/login?x=1'],
  ['Visit www.evil.example now', 'Visit www. evil. example now'],
  ['HTTP:\\\\evil.example', 'evil. example'],
  ['mailto:x@evil.example', 'x@evil. example'],
  ['evil\u3002example', 'evil. example'],
  ['Dr. Jane Doe', 'Dr. Jane Doe'],
  ['Acme Inc.', 'Acme Inc.'],
  ['x'.repeat(255), `${'x'.repeat(59)}…`],
  ['\u{1f600}'.repeat(61), `${'\u{1f600}'.repeat(59)}…`],
])('a name in a mail is no link and has 60 characters at most: %s', (name, shown) => {
  const facts = { kind: 'invitation', has_password: false, link: 'https://muster.example/x' } as const;
  const { subject, text } = mailText({ ...facts, account_name: name, first_name: name, expires: 0 });
  expect(subject).toBe(`Invitation to ${shown}`);
  expect(text).toContain(`Hello ${shown},`);
});
