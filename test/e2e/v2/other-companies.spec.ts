import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;
let own: Record<string, string>;
let foreign: Record<string, string>;
let other: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  [company, other] = [await Company.first(app), await Company.open(app)];
  own = await idsIn(company);
  foreign = await idsIn(other);
});

afterAll(() => app.stop());

async function idsIn(company: Company): Promise<Record<string, string>> {
  const user = await company.user();
  const key = String(pick(await company.call('POST', `/users/${user}/keys`, {}), 'id'));
  return { group: await company.group(), user, key };
}

const routes = [
  ['GET', '/groups/:group', undefined],
  ['PUT', '/groups/:group', { name: 'New' }],
  ['PATCH', '/groups/:group', { name: 'New' }],
  ['DELETE', '/groups/:group', undefined],
  ['GET', '/groups/:group/users', undefined],
  ['PUT', '/groups/:group/users/:user', {}],
  ['DELETE', '/groups/:group/users/:user', undefined],
  ['GET', '/users/:user/keys', undefined],
  ['POST', '/users/:user/keys', {}],
  ['DELETE', '/users/:user/keys/:key', undefined],
  ['GET', '/users/:user/permissions', undefined],
  ['PUT', '/users/:user/permissions', { permissions: [] }],
  ['GET', '/users/:user/effective-permissions', undefined],
] as const;

const cases = routes.flatMap(([method, path, body]) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ method, path, name, body })),
);

function at(path: string, ids: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
}

describe.each(cases)('$method $path, the $name', ({ method, path, name, body }) => {
  const refused = async (id: string) => {
    const request = () => company.call(method, at(path, { ...own, [name]: id }), body);
    await expectRefusal(company, request, 404, `${name}_not_found`);
  };

  test('X61 of another company: 404, exactly as one that does not exist', async () => {
    const before = await other.revision();
    const request = (id: string) => company.call(method, at(path, { ...own, [name]: id }), body);
    const [ofOther, ofNobody] = [await request(foreign[name] ?? ''), await request('0'.repeat(32))];
    expectProblem(ofOther, 404, `${name}_not_found`);
    expect(ofOther.body).toEqual(ofNobody.body);
    expect(await other.revision()).toBe(before);
  });

  test('X25 unknown and of unusual form: 404', async () => {
    const wrongKind = name === 'group' ? own['user'] : own['group'];
    const odd = [
      '1',
      ' ',
      '\u0000',
      'ünï',
      '😀',
      "' OR 1=1 --",
      '../groups',
      '%',
      '__proto__',
      'constructor',
    ];
    for (const id of [...odd, 'x'.repeat(10_000), company.id, wrongKind ?? '', '%s', 'a/b'])
      await refused(id);
  });

  test('X25 ids are compared letter by letter', async () => {
    for (const id of [` ${own[name] ?? ''}`, `${own[name] ?? ''}\u0000`]) await refused(id);
  });
});

test('X61 client_id of another company, or of a client of it, is 404', async () => {
  for (const id of [other.id, await other.client()]) {
    const body = { name: 'New', permissions: [] };
    const request = () => company.call('POST', `/groups?client_id=${id}`, body);
    await expectRefusal(company, request, 404, 'client_not_found');
  }
});

test('X61 a contact of another company is 400, as one that does not exist', async () => {
  const request = (id = '') => company.call('PATCH', '/account', { contacts: { super_admin: id } });
  const answer = await expectRefusal(company, () => request(foreign['user']), 400, 'bad_request');
  expect(answer.body).toEqual((await request('0'.repeat(32))).body);
});

test('X25 a path that is no valid path is 404, too', async () => {
  for (const path of ['/groups/%zz', '/groups/%ED%A0%80', '/users/%/keys'])
    expectProblem(await company.call('GET', path), 404, 'not_found');
});

test('an address where nothing is is 404', async () => {
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['POST', '/groups/x/y/z'],
    ['PUT', '/groups'],
    ['DELETE', '/account'],
  ] as const)
    expectProblem(await company.call(method, path), 404, 'not_found');
});
