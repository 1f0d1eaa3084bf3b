import { request as send } from 'node:http';
import { expect, jest, test } from '@jest/globals';
import { Clock } from '../../src/application/clock.js';
import { Callers } from '../../src/http/door/callers.js';
import { Holdings } from '../../src/read/holdings.js';
import { Views } from '../../src/read/views.js';
import { addUser, openCompany, startService } from '../support/people.js';

const app = await startService({ RATE_LIMIT: '1' });
const time = Date.now();
let passed = 0;
jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time + passed);
const later = () => (passed += 10_000);

const password = 'pass-word';
const email = 'jane@example.com';
const { admin } = await openCompany(app);
later();
await addUser(admin.v1, { email, password });
later();

const basic = { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` };
const byKey = { 'kf-api-key': admin.key };
const byToken = { authorization: `Bearer ${admin.key}` };

const { holdings } = app.app.get(Views);
const judged = [
  jest.spyOn(app.app.get(Callers), 'callerOf'),
  jest.spyOn(holdings, 'of'),
  jest.spyOn(holdings, 'ofLimiting'),
];

/** Sends the head of a request whose body never comes. @returns the status and the header Retry-After */
function head(path: string, headers: Record<string, string>): Promise<readonly [number, string | undefined]> {
  return new Promise((resolve, reject) => {
    const more = { 'content-type': 'application/json', 'content-length': '500000' };
    const sent = send(`${app.url}${path}`, { method: 'POST', headers: { ...more, ...headers } });
    sent.on('response', ({ statusCode = 0, headers: { 'retry-after': after } }) => {
      resolve([statusCode, after]);
      sent.destroy();
    });
    sent.on('error', reject).flushHeaders();
  });
}

test.each([
  ['an API key', '/api/1.0', byKey],
  ['e-mail and password', '/api/1.0', basic],
  ['a token', '/api/v2', byToken],
] as const)(
  'a request with %s is counted before its rights are found out and its body comes',
  async (_, base, headers) => {
    later();
    const first = await app.request('GET', `${base}/groups`, { headers });
    expect(first.status).toBe(200);
    for (const spy of judged) spy.mockClear();
    expect(await head(`${base}/groups`, headers)).toEqual([429, '1']);
    const paths =
      base === '/api/v2' ? ['audit', 'access-review', 'events'] : ['profile?full=true', 'clients'];
    for (const path of paths)
      expect((await app.request('GET', `${base}/${path}`, { headers })).status).toBe(429);
    for (const spy of judged) expect(spy).not.toHaveBeenCalled();
  },
);

test.each([
  ['/api/1.0/groups', { 'kf-api-key': 'mk_unknown_key' }],
  ['/api/v2/groups', { authorization: 'Bearer mk_unknown_key' }],
] as const)(
  'an unknown key is refused at %s before a body comes, and takes nothing from any company',
  async (path, headers) => {
    later();
    for (const spy of judged) spy.mockClear();
    for (let times = 0; times < 5; times += 1) expect((await head(path, headers))[0]).toBe(401);
    for (const spy of judged) expect(spy).not.toHaveBeenCalled();
    expect((await admin.v1('GET', '/groups')).status).toBe(200);
  },
);

test('rights are found out once, however often they are asked for', async () => {
  const found = jest.spyOn(Holdings.prototype as unknown as { heldBy: () => unknown }, 'heldBy');
  for (let times = 0; times < 5; times += 1) {
    later();
    expect((await app.request('GET', '/api/1.0/profile', { headers: basic })).status).toBe(200);
  }
  expect(found.mock.calls.length).toBeLessThanOrEqual(1);
});
