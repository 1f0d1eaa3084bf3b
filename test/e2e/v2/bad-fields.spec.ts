import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operatorKey, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { address, type Company, expectRefusal } from './company.js';
import { targetOf, writeRoutes } from './write-routes.js';

let app: RunningApp;
let company: Company;
let at: (path: string) => string;

beforeAll(async () => {
  app = await RunningApp.start();
  ({ company, at } = await targetOf(app));
});

afterAll(() => app.stop());

describe.each(writeRoutes)('$method $path', ({ method, path, good, bad, key }) => {
  const send = (body: object) => company.call(method, at(path), body, key);

  test('accepts what is right, and fields it does not know', async () => {
    expect((await send(good)).status).toBeLessThan(300);
    expect((await send({ ...good, unknown: { deep: [1] } })).status).toBeLessThan(300);
  });

  test.each(bad)('T305 %s is 400 and writes nothing', async (_, fields) => {
    await expectRefusal(company, () => send({ ...good, ...fields }), 400, 'bad_request');
  });
});

test.each([
  'no-at.example.com',
  'two@@example.com',
  'blank @example.com',
  '@example.com',
  'a@b',
  '',
  'ä\u0000@b.cd',
])('the address "%s" of a company’s admin is 400 invalid_email', async (email) => {
  const body = { name: 'New', admin: { first_name: 'Ann', last_name: 'Archer', email } };
  await expectRefusal(company, () => app.v2(operatorKey)('POST', '/companies', body), 400, 'invalid_email');
});

test('texts of the greatest length and of any script are kept as they are', async () => {
  for (const name of [
    'x'.repeat(255),
    '\u{1f600}'.repeat(127),
    'ﷺ العربية עברית',
    'Zoë e\u0308',
    '<b>&"\'`\\',
  ]) {
    const permissions = [name.slice(0, 254)];
    const answer = await company.call('POST', '/groups', { name, permissions, description: name });
    expect(answer.status).toBe(201);
    const read = await company.call('GET', `/groups/${String(pick(answer, 'id'))}`);
    expect(read.body).toMatchObject({ name, permissions, description: name });
  }
});

test('names of people are kept as they are, too', async () => {
  const [first_name, last_name] = ['Zoë "Zo" O’Hara', '李\u{20000}'];
  const admin = { first_name, last_name, email: address() };
  const answer = await app.v2(operatorKey)('POST', '/companies', { name: '株式会社', admin });
  const user = await app.v1(String(pick(answer, 'api_key')))('GET', '/profile');
  expect(pick(user, 'data')).toMatchObject({ first_name, last_name });
});
