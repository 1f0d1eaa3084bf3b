import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { adminKey } from '../../support/api-client.js';
import { startService } from '../../support/people.js';

const app = await startService();
const { host } = new URL(app.url);

/** Sends a request with exactly these headers, which no ordinary client would: name and value in turn. */
function send(
  path: string,
  headers: readonly string[],
  method = 'GET',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(app.url + path, { method, headers: [...headers] }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

const encoded = Buffer.from('admin@example.com:admin-password').toString('base64');
const credentials = {
  basic: ['Authorization', `Basic ${encoded}`],
  wrongBasic: ['Authorization', 'Basic eDp5'],
  noBasic: ['authorization', ''],
  key: ['kf-api-key', adminKey],
  wrongKey: ['KF-API-Key', 'wrong'],
  noKey: ['kf-api-key', ''],
  bearer: ['Authorization', `Bearer ${adminKey}`],
  wrongBearer: ['AUTHORIZATION', 'Bearer wrong'],
} as const;
type Credential = keyof typeof credentials;

test.each<[string, Credential, Credential]>([
  ['/api/1.0/profile', 'basic', 'wrongBasic'],
  ['/api/1.0/profile', 'wrongBasic', 'basic'],
  ['/api/1/profile', 'basic', 'basic'],
  ['/api/1.0/profile', 'basic', 'noBasic'],
  ['/api/1.0/profile', 'noBasic', 'basic'],
  ['/api/1.0/profile', 'basic', 'bearer'],
  ['/api/1.0/profile', 'key', 'wrongKey'],
  ['/api/1.0/profile', 'key', 'key'],
  ['/api/1.0/profile', 'noKey', 'key'],
  ['/api/v2/account', 'bearer', 'wrongBearer'],
  ['/api/v2/account', 'wrongBearer', 'bearer'],
  ['/api/v2/account', 'bearer', 'bearer'],
])(
  '%s with two credentials in one header, %s and %s, is 400: none of them counts',
  async (path, one, other) => {
    expect((await send(path, ['Host', host, ...credentials[one]])).text).not.toContain('bad_request');
    const answer = await send(path, ['Host', host, ...credentials[one], ...credentials[other]]);
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 400,
      text: expect.stringMatching(
        /bad_request.*(authorization|kf-api-key)|(authorization|kf-api-key).*bad_request/,
      ),
    });
  },
);

test.each(['/api/1.0/users', '/api/v2/groups', '/health/ready', '/password', '/openapi.json', '/nothing'])(
  '%s with two Host headers is 400, with one it is not',
  async (path) => {
    for (const second of [host, 'elsewhere.example'])
      expect((await send(path, ['Host', host, 'Host', second])).status).toBe(400);
    expect((await send(path, ['Host', host])).status).not.toBe(400);
  },
);

test('a write under two content types is 400', async () => {
  const types = ['Content-Type', 'application/json', 'Content-Type', 'text/plain'];
  const answer = await send('/api/v2/groups', ['Host', host, ...credentials.bearer, ...types], 'POST');
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('content-type')]);
});

test('X39: a key beside Basic credentials counts, as it always did', async () => {
  const { status } = await send('/api/1.0/profile', [
    'Host',
    host,
    ...credentials.key,
    ...credentials.wrongBasic,
  ]);
  expect(status).toBe(200);
});
