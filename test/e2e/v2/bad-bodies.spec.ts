import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { type Company, expectRefusal } from './company.js';
import { targetOf, writeRoutes } from './write-routes.js';

let app: RunningApp;
let company: Company;
let at: (path: string) => string;

beforeAll(async () => {
  app = await RunningApp.start();
  ({ company, at } = await targetOf(app));
});

afterAll(() => app.stop());

const LIMIT = 512 * 1024;

describe.each(writeRoutes)('$method $path', ({ method, path, good, acceptsNothing, key }) => {
  const send = (body: string | Buffer, type: string | null = 'application/json', more: object = {}) => {
    // From a buffer, fetch makes no content type of its own.
    const rawBody = typeof body === 'string' ? Buffer.from(body) : body;
    return app.v2(key)(method, at(path), undefined, {
      rawBody,
      headers: { ...(type === null ? {} : { 'content-type': type }), ...more },
    });
  };
  const json = JSON.stringify(good);

  test.each([
    ['cut off', json.slice(0, -1)],
    ['with a comma too many', json.replace(/}$/, ',}')],
    ['in single quotes', json.replaceAll('"', "'")],
    ['with a comment', `/* */ ${json}`],
    ['twice', `${json}${json}`],
    ['NaN', '{"name":NaN}'],
    ['a raw control character', '{"name":"a\u0001"}'],
    ['nothing but a word', 'hello'],
    ['a key that stands twice', json.replace(/^{/, `{"a":1,"\\u0061":2,`)],
    ['a key that stands twice deeper down', json.replace(/^{/, '{"x":[{"b":1,"b":1}],')],
    ['33 levels deep', json.replace(/^{/, `{"x":${'['.repeat(32)}${']'.repeat(32)},`)],
    ['100,000 levels deep', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['100,000 levels deep and cut off', '{"a":'.repeat(80_000)],
    ['not UTF-8', Buffer.from([...Buffer.from('{"name":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
    ['UTF-16', Buffer.from(json, 'utf16le')],
    ['a text', '"name"'],
    ['a number', '5'],
    ['true', 'true'],
    ['a list of objects', `[${json}]`],
  ])('a body that is %s is 400 and writes nothing', async (_, body) => {
    await expectRefusal(company, () => send(body), 400, 'bad_request');
  });

  test.each(['null', '[]'])('X81 the body %s is 400, but no fields where a member is put', async (body) => {
    if (path.endsWith('/users/:user')) expect((await send(body)).status).toBe(200);
    else await expectRefusal(company, () => send(body), 400, 'bad_request');
  });

  test('no body says the same as one without fields', async () => {
    for (const body of ['', ' \n', '{}']) {
      if (acceptsNothing) expect((await send(body)).status).toBeLessThan(300);
      else await expectRefusal(company, () => send(body), 400, 'bad_request');
    }
  });

  test.each([
    ...['text/plain', 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded', 'application/xml'],
    ...['multipart/form-data; boundary=x', 'application/jsonp', 'text/json', 'odd', '/', '*/*'],
  ])('X65 JSON under the content type %s is 415 and writes nothing', async (type) => {
    await expectRefusal(company, () => send(json, type), 415, 'unsupported_media_type');
  });

  test.each([null, 'application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json'])(
    'X65 JSON under the content type %s is read',
    async (type) => {
      expect((await send(json, type)).status).toBeLessThan(300);
    },
  );

  test.each(['gzip', 'x-gzip', 'br', 'deflate', 'unknown', 'identity, gzip'])(
    'a body that says it is encoded as "%s" is 415, whatever it is, and writes nothing',
    async (coding) => {
      for (const body of [json, gzipSync(json)]) {
        const request = () => send(body, 'application/json', { 'content-encoding': coding });
        const answer = await expectRefusal(company, request, 415, 'unsupported_media_type');
        expect(pick(answer, 'detail')).toMatch(/Content-Encoding/);
      }
    },
  );

  test('a body that says it is not encoded is read', async () => {
    expect((await send(json, null, { 'content-encoding': 'identity' })).status).toBeLessThan(300);
  });

  test('a body over 512 KB is 413 and writes nothing, one of just 512 KB is read', async () => {
    await expectRefusal(company, () => send(json.padEnd(LIMIT + 1)), 413, 'payload_too_large');
    await expectRefusal(company, () => send(json.padEnd(LIMIT + 1), null), 413, 'payload_too_large');
    await expectRefusal(company, () => send('x'.repeat(4 * LIMIT), 'text/plain'), 413, 'payload_too_large');
    expect((await send(json.padEnd(LIMIT))).status).toBeLessThan(300);
  });
});

test('a deep body and keys of prototypes are read without harm', async () => {
  const rawBody = `{"name":"Proto","permissions":[],"__proto__":{"built_in":true},"constructor":1,"x":${'['.repeat(31)}${']'.repeat(31)}}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await app.v2()('POST', '/groups', undefined, { rawBody, headers });
  expect(answer.body).toMatchObject({ name: 'Proto', built_in: false });
});

test('after all of this the service is well', async () => {
  expect((await app.request('GET', '/health/ready')).body).toEqual({
    ...{ status: 'up', event_store: 'up', views: 'up', stopped_accounts: [] },
  });
});
