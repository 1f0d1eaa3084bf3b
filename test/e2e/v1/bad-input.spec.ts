import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Options, pick } from '../../support/api-client.js';
import { type Call, openCompany, revision, startService } from '../../support/people.js';
import { expectRefusal } from './expectations.js';
import { fill, freshIds, type Ids, incompleteRoutes, nobody, routes } from './routes.js';

/** Bodies that are no bodies for v1, on every route that reads one. */
const app = await startService();

const LIMIT = 512 * 1024;
const expectRefused = (answer: Answer, status = 400, code = 'bad_request') =>
  expectRefusal(answer, status, code);
const withBody = routes.filter(({ body }) => body);
/** Those of them where saying nothing is enough. */
const lenient = [
  ...['PUT /users/:user/groups/:group', 'PUT /groups/:group/users/:user'],
  ...['PUT /roles/:role/users/:user', 'PUT /users/:user/roles/:role'],
  ...['POST /users/:user/@/resend-invite', 'POST /users/:user/@/reset-password'],
];

describe.each(withBody)('$method $path', (route) => {
  let v1: Call;
  let good: Ids;
  let known: string;
  beforeAll(async () => {
    ({ v1 } = (await openCompany(app)).admin);
    good = await freshIds(v1, route);
    known = await revision(v1);
  });
  afterAll(expectNothingRecorded);

  const missing = route.path === '/users/:user/groups' ? 'missing_id' : 'bad_request';
  const isLenient = lenient.includes(`${route.method} ${route.path}`);
  /** A PUT of a user, a group or a role that says nothing changes nothing. */
  const needsNothing =
    isLenient || /^PUT \/\w+\/:(user|group|role|client)$/.test(`${route.method} ${route.path}`);
  const isMap = route.isMap ?? false;

  const sendRaw = (rawBody: string | Buffer, headers: Options['headers'] = {}, ids?: Ids) =>
    v1(route.method, fill(route.path, ids ?? good), undefined, { rawBody, headers });

  /** The route's own body with more in it, so that nothing but that is wrong. */
  function among(members: string): string {
    const json = JSON.stringify(route.body?.(good));
    return `{${members}${json === '{}' ? '' : ','}${json.slice(1)}`;
  }

  /** No refusal since the last look has recorded anything; a look after each would double the requests. */
  async function expectNothingRecorded() {
    expect(await revision(v1)).toBe(known);
  }

  /** Sends the route's own body in some form to something new, so that it must succeed. */
  async function expectAccepted(form: (json: string) => string | Buffer, headers?: Options['headers']) {
    await expectNothingRecorded();
    const ids = await freshIds(v1, route);
    const answer = await sendRaw(form(JSON.stringify(route.body?.(ids))), headers, ids);
    expect({ headers, text: answer.text, isDone: answer.status < 300 }).toMatchObject({ isDone: true });
    known = await revision(v1);
  }

  it.each<[string, (json: string) => string]>([
    ['without its end', (json) => json.slice(0, -1)],
    ['without its beginning', (json) => json.slice(1)],
    ['with an end too many', (json) => `${json}}`],
    ['twice', (json) => json + json],
    ['with text behind it', (json) => `${json} x`],
    ['with a comment', (json) => `${json} // x`],
    ['in single quotes', (json) => json.replaceAll('"', "'")],
    ['with a comma too many', (json) => `${json.slice(0, -1)},}`],
    ['with a bare key', (json) => json.replace('"unknown"', 'unknown')],
    ['with NaN', (json) => json.replace('"x"', 'NaN')],
    ['with a hexadecimal number', (json) => json.replace('"x"', '0x10')],
    ['with a leading zero', (json) => json.replace('"x"', '01')],
    ['with a control character in a text', (json) => json.replace('"x"', '"a\0b"')],
    ['with a line break in a text', (json) => json.replace('"x"', '"a\nb"')],
    ['with an escape that is none', (json) => json.replace('"x"', '"\\x41"')],
    ['behind two byte order marks', (json) => `\ufeff\ufeff${json}`],
    ['behind NUL', (json) => `\0${json}`],
  ])('T017 X24: malformed JSON is 400: %s', async (_, spoil) => {
    expectRefused(await sendRaw(spoil(among('"unknown":"x"')), { 'content-type': 'application/json' }));
  });

  it.each<[string, (json: string) => string]>([
    ['a text', () => '"text"'],
    ['JSON in a text', (json) => JSON.stringify(json)],
    ['a number', () => '5'],
    ['true', () => 'true'],
    ['false', () => 'false'],
    ['a list of it', (json) => `[${json}]`],
    ['a list of a list', (json) => `[[${json}]]`],
    ['a list of null', () => '[null]'],
  ])('JSON that is no object is 400: %s', async (_, form) => {
    expectRefused(await sendRaw(form(among('"unknown":"x"')), { 'content-type': 'application/json' }));
  });

  if (!isLenient)
    it.each(['null', '[]'])('X81 T118: %s is 400', async (text) => {
      expectRefused(await sendRaw(text), 400, missing);
    });

  if (!needsNothing && !isMap)
    it.each(['', ' ', '\n', '{}', '{"unknown":1}'])(
      'T073 T118 T211: a body without fields is 400: %j',
      async (text) => {
        expectRefused(await sendRaw(text), 400, missing);
      },
    );

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'name=a&first_name=Jane&can_edit=true'],
    ['text', 'text/plain', 'name: a'],
    ['XML', 'application/xml', '<group name="a"/>'],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\na\r\n--x--',
    ],
    ['an unknown type', 'nonsense', 'name=a'],
    ['an empty type', '', 'name=a'],
  ])('T017 X65: %s is 400', async (_, type, text) => {
    expectRefused(await sendRaw(text, { 'content-type': type }));
  });

  it.each(['gzip', 'x-gzip', 'br', 'deflate', 'unknown', 'identity, gzip'])(
    'T017 X66: a body that says it is encoded as "%s" is 400, whatever it is',
    async (coding) => {
      const json = Buffer.from(among('"unknown":"x"'));
      for (const body of [json, gzipSync(json)]) {
        const answer = await sendRaw(body, { 'content-encoding': coding });
        expectRefused(answer, 400, 'unsupported_media_type');
        expect(pick(answer, 'meta', 'error_desc')).toMatch(/Content-Encoding/);
      }
    },
  );

  it('a body that says it is not encoded is read', async () => {
    await expectAccepted((json) => json, { 'content-encoding': 'Identity' });
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0xf0, 0x9f, 0x98]],
    ['a byte that is never there', [0xff]],
    ['Latin-1', [0xfc]],
  ])('invalid UTF-8 is 400: %s', async (_, bytes) => {
    const [start, end] = among('"unknown":"x"').split('x"');
    const spoilt = Buffer.concat([
      Buffer.from(start ?? ''),
      Buffer.from(bytes),
      Buffer.from(`"${end ?? ''}`),
    ]);
    expectRefused(await sendRaw(spoilt));
  });

  it('UTF-16 is 400', async () => {
    expectRefused(await sendRaw(Buffer.from(JSON.stringify(route.body?.(good)), 'utf16le')));
  });

  it.each([
    ['at the top', '"unknown":1,"unknown":2'],
    ['written differently', '"unknown":1,"un\\u006bnown":2'],
    ['equal ones', '"unknown":1,"unknown":1'],
    ['far below', '"unknown":[{"a":{"b":1,"b":1}}]'],
    ['of __proto__', '"__proto__":1,"__proto__":2'],
  ])('a key that stands twice is 400: %s', async (_, members) => {
    expectRefused(await sendRaw(among(members)));
  });

  it.each([
    ['arrays', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['arrays, half a megabyte of them', `${'['.repeat(LIMIT / 2 - 500)}${']'.repeat(LIMIT / 2 - 500)}`],
    ['arrays without an end', '['.repeat(LIMIT - 500)],
  ])('nesting 10,000 deep is 400: %s', async (_, value) => {
    expectRefused(await sendRaw(among(`"unknown":${value}`)));
  });

  it('a body over 512 KB is 413, of whatever it consists', async () => {
    for (const text of [
      among(`"unknown":"${'x'.repeat(LIMIT)}"`),
      among('"unknown":"x"').padEnd(LIMIT + 1),
      ' '.repeat(LIMIT + 1),
      '\0'.repeat(2 * LIMIT),
    ])
      expectRefused(await sendRaw(text), 413, 'payload_too_large');
  });

  it('a body of 512 KB is judged by what it says', async () => {
    expectRefused(await sendRaw('{'.padEnd(LIMIT)));
    await expectAccepted((json) => json.padEnd(LIMIT));
  });

  if (!isMap)
    it('__proto__ and constructor are fields like others that are not known', async () => {
      const names = '"__proto__":{"name":"Mallory","first_name":"Mallory","polluted":true}';
      const more = '"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null';
      await expectAccepted((json) => `{${names},${more}${json === '{}' ? '' : ','}${json.slice(1)}`);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect((await v1('GET', '/groups')).text + (await v1('GET', '/users')).text).not.toContain('Mallory');
    });

  if (!needsNothing && !isMap)
    it('fields are never taken from __proto__', async () => {
      const answer = await sendRaw(`{"__proto__":${JSON.stringify(route.body?.(good))}}`);
      expect(pick(answer, 'meta', 'status')).toBe(400);
    });

  it.each(['application/json; charset=utf-8', 'application/x-www-form-urlencoded', 'odd', ''])(
    'X65: JSON is read under the content type "%s"',
    async (type) => {
      await expectAccepted((json) => json, { 'content-type': type });
    },
  );

  it('X65: JSON is read without a content type', async () => {
    await expectAccepted((json) => Buffer.from(json));
  });
});

describe('A route that reads no body', () => {
  const bodies = ['{', '[]', 'null', '\0', ' '.repeat(LIMIT + 1), '['.repeat(10_000)];
  const send = async (method: string, path: string, rawBody: string) =>
    app.v1()(method, fill(path, nobody), undefined, { rawBody, headers: { 'content-type': 'odd' } });

  it.each(routes.filter(({ method, body }) => method === 'DELETE' && !body))(
    'X4: $method $path ignores it',
    async ({ method, path }) => {
      for (const text of bodies) expect((await send(method, path, text)).status).toBe(404);
    },
  );

  it.each(incompleteRoutes)('T152 T161 T241: $method $path ignores it', async ({ method, path, code }) => {
    for (const text of bodies) expectRefusal(await send(method, path, text), 400, code);
  });
});
