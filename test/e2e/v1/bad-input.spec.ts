import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Options, pick, RunningApp } from '../../support/app.js';
import { type Call, openCompany, revision } from '../../support/people.js';
import { expectRefusal } from './expectations.js';
import { fill, freshIds, type Ids, incompleteRoutes, routes } from './routes.js';

/** Bodies that are no bodies for v1, on every route that reads one. */
const app = await RunningApp.start();
afterAll(() => app.stop());

const LIMIT = 512 * 1024;
const withBody = routes.filter(({ body }) => body);
/** Those of them where saying nothing is enough. */
const lenient = ['PUT /users/:user/groups/:group', 'PUT /roles/:role/users/:user'];

describe.each(withBody)('$method $path', (route) => {
  let v1: Call;
  let good: Ids;
  let known: string;
  beforeAll(async () => {
    ({ v1 } = (await openCompany(app)).admin);
    good = await freshIds(v1, route);
    known = await revision(v1);
  });

  const missing = route.path === '/users/:user/groups' ? 'missing_id' : 'bad_request';
  const isLenient = lenient.includes(`${route.method} ${route.path}`);
  /** A PUT of a user or a group that says nothing changes nothing. */
  const needsNothing =
    isLenient || ['PUT /users/:user', 'PUT /groups/:group'].includes(`${route.method} ${route.path}`);

  const sendRaw = (rawBody: string | Buffer, headers: Options['headers'] = {}, ids?: Ids) =>
    v1(route.method, fill(route.path, ids ?? good), undefined, { rawBody, headers });

  /** Sends the route's own body in some form to something new, so that it must succeed. */
  async function expectAccepted(form: (json: string) => string | Buffer, headers?: Options['headers']) {
    const ids = await freshIds(v1, route);
    const answer = await sendRaw(form(JSON.stringify(route.body?.(ids))), headers, ids);
    expect({ headers, text: answer.text, isDone: answer.status < 300 }).toMatchObject({ isDone: true });
    known = await revision(v1);
  }

  async function expectRefused(answer: Answer, status = 400, code = 'bad_request'): Promise<void> {
    expectRefusal(answer, status, code);
    expect(await revision(v1)).toBe(known);
  }

  it.each([
    '{',
    '}',
    '{"name":"a"',
    "{'name':'a'}",
    '{"name":"a",}',
    '{name:"a"}',
    '{"name":"a"} x',
    '{"name":"a"}{}',
    '// {}',
    'NaN',
    'undefined',
    '\0',
    '{"name":"a\u0000b"}',
    '{"name":"a\nb"}',
    '{"name":"\\x41"}',
    '\ufeff\ufeff{}',
  ])('T017 X24: malformed JSON is 400: %j', async (text) => {
    await expectRefused(await sendRaw(text, { 'content-type': 'application/json' }));
  });

  it.each(['"text"', '5', '-0', 'true', 'false', '[1]', '[{}]', '[[]]', '[null]'])(
    'JSON that is no object is 400: %s',
    async (text) => {
      await expectRefused(await sendRaw(text, { 'content-type': 'application/json' }));
    },
  );

  if (!isLenient)
    it.each(['null', '[]'])('X81 T118: %s is 400', async (text) => {
      await expectRefused(await sendRaw(text), 400, missing);
    });

  if (!needsNothing)
    it.each(['', ' ', '\n', '{}', '{"unknown":1}'])(
      'T073 T118 T211: a body without fields is 400: %j',
      async (text) => {
        await expectRefused(await sendRaw(text), 400, missing);
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
    await expectRefused(await sendRaw(text, { 'content-type': type }));
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0xf0, 0x9f, 0x98]],
    ['a byte that is never there', [0xff]],
    ['Latin-1', [0xfc]],
  ])('invalid UTF-8 is 400: %s', async (_, bytes) => {
    const text = Buffer.from('{"name":"","first_name":"","unknown":"');
    await expectRefused(await sendRaw(Buffer.concat([text, Buffer.from(bytes), Buffer.from('"}')])));
  });

  it('UTF-16 is 400', async () => {
    await expectRefused(await sendRaw(Buffer.from(JSON.stringify(route.body?.(good)), 'utf16le')));
  });

  it.each([
    ['at the top', '{"name":"a","name":"b"}'],
    ['written differently', '{"name":"a","n\\u0061me":"b"}'],
    ['equal ones', '{"can_edit":true,"can_edit":true}'],
    ['far below', '{"unknown":[{"a":{"b":1,"b":1}}]}'],
    ['of __proto__', '{"__proto__":1,"__proto__":2}'],
  ])('a key that stands twice is 400: %s', async (_, text) => {
    await expectRefused(await sendRaw(text));
  });

  it.each([
    ['arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['arrays in a field', `{"unknown":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['arrays, half a megabyte of them', '['.repeat(LIMIT / 2) + ']'.repeat(LIMIT / 2)],
    ['arrays without an end', '['.repeat(LIMIT)],
  ])('nesting 10,000 deep is 400: %s', async (_, text) => {
    await expectRefused(await sendRaw(text));
  });

  it('a body over 512 KB is 413, of whatever it consists', async () => {
    for (const text of [
      JSON.stringify({ name: 'x'.repeat(LIMIT) }),
      ' '.repeat(LIMIT + 1),
      '\0'.repeat(2 * LIMIT),
    ])
      await expectRefused(await sendRaw(text), 413, 'payload_too_large');
  });

  it('a body of 512 KB is judged by what it says', async () => {
    await expectRefused(await sendRaw('{'.padEnd(LIMIT)));
    await expectAccepted((json) => json.padEnd(LIMIT));
  });

  it('__proto__ and constructor are fields like others that are not known', async () => {
    const names = '"__proto__":{"name":"Mallory","first_name":"Mallory","polluted":true}';
    const more = '"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null';
    await expectAccepted((json) => `{${names},${more}${json === '{}' ? '' : ','}${json.slice(1)}`);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect((await v1('GET', '/groups')).text + (await v1('GET', '/users')).text).not.toContain('Mallory');
  });

  if (!needsNothing)
    it('fields are never taken from __proto__', async () => {
      const answer = await sendRaw(`{"__proto__":${JSON.stringify(route.body?.(good))}}`);
      expect(pick(answer, 'meta', 'status')).toBe(400);
      expect(await revision(v1)).toBe(known);
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
  const unknown = { user: 'unknown', group: 'unknown', role: 'unknown', client: 'unknown' };
  const bodies = ['{', '[]', 'null', '\0', ' '.repeat(LIMIT + 1), '['.repeat(10_000)];
  const send = async (method: string, path: string, rawBody: string) =>
    app.v1()(method, fill(path, unknown), undefined, { rawBody, headers: { 'content-type': 'odd' } });

  it.each(routes.filter(({ method }) => method === 'DELETE'))(
    'X4: $method $path ignores it',
    async ({ method, path }) => {
      for (const text of bodies) expect((await send(method, path, text)).status).toBe(404);
    },
  );

  it.each(incompleteRoutes)('T152 T161 T241: $method $path ignores it', async ({ method, path, code }) => {
    for (const text of bodies) expectRefusal(await send(method, path, text), 400, code);
  });
});
