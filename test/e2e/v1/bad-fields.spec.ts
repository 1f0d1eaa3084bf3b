import { beforeEach, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { openCompany, revision, startService } from '../../support/people.js';
import { fill, freshIds, routes } from './routes.js';

/** Every field of every body of v1 with values it cannot have. */
const app = await startService();
const { v1 } = (await openCompany(app)).admin;
const good = await freshIds(v1, { method: 'GET', path: '/clients/:client', isScoped: true });

const long = 'x'.repeat(10_000);
const noText = [5, 0, true, false, [], ['a'], {}, { a: 1 }];
const control = ['a\0b', '\0', 'a\u001bb', 'a\u007fb', 'a\bb'];
const lone = ['\ud800', 'a\udc00b', '\udc00\ud800'];
const name = [null, ...noText, '', ' ', '\t\n', '\u00a0', 'a\nb', ...control, ...lone, long, 'x'.repeat(256)];
const text = [...noText, ...control, ...lone, long, 'x'.repeat(4001)];
const externalId = [...noText, 'a\nb', ...control, ...lone, long, 'x'.repeat(256)];
const id = [null, ...noText, '', ' ', '\t', 'a\0b'];
const flag = [5, 0, 1, [], [true], {}, '', ' ', 'yes', 'TRUE', 'True', '1', long];
const address = [
  ...[null, ...noText, '', ' ', 'jane', 'jane@', '@x.example', 'a b@x.example', 'a@b@x.example', 'a@x'],
  ...['a\0@x.example', 'a\n@x.example', '\ud800@x.example', `${long}@x.example`, `a@${long}.example`],
  ...['jane@x.example\n', ' jane@x.example', 'Jane <jane@x.example>', 'a@x.example,b@x.example'],
];
const roles = [
  ...[null, 5, true, 'x', '', {}, [], [null], [5], [''], [' '], [[]], [{}], [['x']], ['x', 5]],
  Array.from({ length: 10_000 }, (_, index) => `role-${index}`),
];
const password = [...noText, '', ...lone, long];
const permissions = [
  ...[5, true, 'x', '', {}, [null], [5], [''], [[]], [{}], ['a', 'a'], ['a', 'A', 'a']],
  ...[[long], ['\ud800'], ['a', 'b', 'a\udc00']],
];

const tab = [null, ...noText, '', ' ', '\t\n', 'a\nb', ...control, ...lone, long, 'x'.repeat(256)];
const tabs = [
  ...[null, 5, true, 'x', '', {}, [], ['x', null], [5], [''], ['x', ' '], [[]], [{}], ['a\0b'], ['\ud800']],
  ...[[long], Array.from({ length: 1001 }, (_, index) => `tab-${index}`)],
];
const properties = [
  ...[null, 5, true, 'x', '', [], [{ a: 'b' }], ['a', 'b']],
  ...[null, 5, true, {}, ['x'], ...lone, ...control, 'x'.repeat(4001)].map((value) => ({
    fine: 'x',
    wrong: value,
  })),
  ...['', ' ', 'a\nb', ...control, 'x'.repeat(256)].map((wrong) => ({ fine: 'x', [wrong]: 'x' })),
  JSON.parse('{"fine":"x","__proto__":{"polluted":"x"}}') as object,
];
const shares = [
  ...[null, 5, true, 'x', '', {}, { group_id: 'x' }],
  ...[null, 5, 'x', [], {}, { can_manage: true }, { group_id: null }, { group_id: '' }].map((share) => [
    share,
  ]),
  ...flag.map((can_manage) => [{ group_id: 'x', can_manage }]),
  [{ group_id: 'x', can_manage: null }],
  [{ group_id: 'x' }, { group_id: 'x', can_manage: true }],
  Array.from({ length: 1001 }, (_, index) => ({ group_id: `group-${index}` })),
];
const tabIds = [
  ...[
    null,
    5,
    true,
    'x',
    '',
    {},
    [null],
    [5],
    [''],
    [' '],
    [[]],
    [{}],
    ['x', 5],
    ['a\nb'],
    ['x'.repeat(256)],
  ],
  ...[['\ud800'], Array.from({ length: 1001 }, (_, index) => `tab-${index}`)],
];

const status = [null, ...noText, '', 'open', 'Active', 'active ', ['active']];
const seats = [true, false, '5', '', 1.5, -2, -1.5, 1e10, 1e300, [], [5], {}, 'many'];
const fine = { name: 'published.private.links', value: 5 };
const resources = [
  ...[null, 5, true, 'x', '', {}, fine, [null], [5], ['x'], [[]], [{}], [fine, fine], [fine, null]],
  ...[[{ name: 'company.seats' }], [{ value: 5 }], [fine, { ...fine, value: 6 }]],
  ...[null, ...seats].map((value) => [fine, { name: 'company.seats', value }]),
  ...[null, ...noText, '', 'seats', 'Company.seats', 'company.seats ', '__proto__'].map((wrong) => [
    { name: wrong, value: 5 },
  ]),
];

/** The fields of each body and what they cannot be; an address has a code of its own. */
const fields: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  'POST /users': {
    ...{ first_name: name, last_name: name, email: address, roles, password },
    ...{ external_id: externalId, send_email: flag, client_id: id },
  },
  'PUT /users/:user': {
    first_name: name,
    last_name: name,
    email: address,
    external_id: externalId,
    client_id: id,
  },
  'POST /groups': { name, description: text, external_id: externalId, client_id: id },
  'PUT /groups/:group': { name, description: text, external_id: externalId, client_id: id },
  'PUT /users/:user/groups': { can_edit: [null, ...flag], group_id: id, client_id: id },
  'PUT /users/:user/groups/:group': { can_edit: [null, ...flag], client_id: id },
  'PUT /groups/:group/users/:user': { can_edit: [null, ...flag], client_id: id },
  'POST /groups/:group/default-tabs': { tab_ids: tabs, tab_id: tab, client_id: id },
  'PUT /users/:user/properties': { properties, client_id: id },
  'PUT /users/:user/tab-instances': { tab_ids: tabIds, client_id: id },
  'POST /users/:user/@/resend-invite': { client_id: id },
  'POST /users/:user/@/reset-password': { client_id: id },
  'POST /roles': { name, description: text, permissions, client_id: id },
  'PUT /roles/:role': {
    name,
    description: text,
    permissions: [null, ...permissions],
    client_id: id,
  },
  'PUT /roles/:role/permissions': { permissions: [null, ...permissions], client_id: id },
  'DELETE /roles/:role/permissions': { permissions: [null, [], ...permissions], client_id: id },
  'PUT /roles/:role/users/:user': { client_id: id },
  'PUT /users/:user/roles/:role': { client_id: id },
  'PUT /clients/:client/share-rights': { groups: shares },
  'PUT /clients/:client/properties': { properties },
  'POST /clients': {
    ...{ name, description: text, external_id: externalId, custom_theme: name.slice(1) },
    ...{ status, seats },
  },
  'PUT /clients/:client': {
    ...{ name, description: text, external_id: externalId, custom_theme: name.slice(1) },
    ...{ status, seats: [null, ...seats] },
  },
  'PUT /clients/:client/resources': { resources },
  'POST /clients/:client/settings': {
    settings: [[], ['a'], {}, { a: 1 }, ...control, ...lone, long, 'x'.repeat(4001)],
  },
};

const cases = routes
  .filter(({ body }) => body)
  .flatMap((route) =>
    Object.entries(fields[`${route.method} ${route.path}`] ?? {}).map(([field, values]) => ({
      ...route,
      field,
      values,
    })),
  );

let before: string;
beforeEach(async () => {
  before = await revision(v1);
});

const short = (value: unknown) => JSON.stringify(value).slice(0, 60);

describe('A field that is wrong', () => {
  it('every route with a body is here', () => {
    const withBody = routes.filter(({ body }) => body).map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(fields).toSorted()).toEqual(withBody.toSorted());
  });

  it.each(cases)(
    '$method $path: $field that cannot be is 400, named, and nothing is written',
    async (wrong) => {
      const { method, path, field, values, body } = wrong;
      for (const value of values) {
        const isLong = Array.isArray(value) && value.length > 1000;
        const code = field === 'email' ? 'invalid_email' : isLong ? 'too_many' : 'bad_request';
        const answer = await v1(method, fill(path, good), { ...body?.(good), [field]: value });
        const meta = { status: 400, success: false, error_code: code };
        const named: unknown = expect.stringContaining(field);
        expect([short(value), answer.status, answer.body]).toEqual([
          short(value),
          400,
          { meta: { ...meta, error_desc: named } },
        ]);
        expect(Object.keys(pick(answer, 'meta') as object)).toHaveLength(4);
      }
      expect(await revision(v1)).toBe(before);
    },
  );
});

describe('A field that is unusual', () => {
  it.each([
    'x'.repeat(255),
    "O'Neill; DROP TABLE users",
    'Zoë 語 😀',
    '<b>&amp;</b>',
    '{{7*7}}',
    '%00',
    '👩\u200d👧 soft\u00adly',
  ])('is kept as it was sent: %j', async (value) => {
    const group = await v1('POST', '/groups', { name: value, description: `${value}\n\t${value}` });
    const [, , made] = String(pick(group, 'meta', 'location')).split('/');
    const { body } = await v1('GET', `/groups/${String(made)}`);
    expect(body).toMatchObject({ data: { name: value, description: `${value}\n\t${value}` } });
  });
});
