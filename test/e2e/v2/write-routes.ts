import { operatorKey } from '../../support/api-client.js';
import { type RunningApp } from '../../support/app.js';
import { Company } from './company.js';

/** A route of v2 that takes a body, with a body that it accepts. */
export interface WriteRoute {
  readonly method: string;
  readonly path: string;
  readonly good: object;
  /** Bodies that it refuses: what is wrong, and the fields that differ from `good`. */
  readonly bad: readonly (readonly [what: string, fields: object])[];
  /** Whether a body without fields means something. */
  readonly acceptsNothing?: boolean;
  readonly key?: string;
}

const notText: readonly (readonly [string, unknown])[] = [
  ...([['a number', 5], ['true', true], ['a list', ['a']], ['an object', { a: 1 }]] as const), // prettier-ignore
  ['a NUL', 'a\u0000b'],
  ['a control character', 'a\u001fb'],
  ['a DEL', 'a\u007fb'],
  ['a lone surrogate', 'a\ud800'],
  ['a lone low surrogate', '\udc00a'],
  ['10,000 characters', 'x'.repeat(10_000)],
];
const notName = [...notText, ['empty', ''], ['blank', ' \u00a0'], ['a line break', 'a\nb']] as const;
const notPermissions = [
  ...([['a text', 'a'], ['an object', {}], ['a number', 1], ['null', null]] as const), // prettier-ignore
  ...notText.map(([what, value]) => [`a list with ${what}`, ['ok.read', value]] as const),
  ...([
    ['a list with an empty text', ['']],
    ['a list with null', [null]],
  ] as const),
  ['duplicates', ['a.read', 'b.read', 'a.read']],
] as const;
const notPassword = [
  ...([['a number', 1], ['empty', ''], ['a list', ['x']]] as const), // prettier-ignore
  ...([['1,025 characters', 'x'.repeat(1025)], ['a lone surrogate', '\ud800'], ['a NUL', 'a\u0000']] as const), // prettier-ignore
];
const notIdText = [...notText.slice(0, 5), ['an empty text', ''], ['blank', ' ']] as const;

function fields(name: string, values: readonly (readonly [string, unknown])[]): [string, object][] {
  return values.map(([what, value]) => [`${name}: ${what}`, { [name]: value }]);
}

const groupText = [...fields('description', notText), ...fields('external_id', notText)];
const admin = { first_name: 'Ann', last_name: 'Archer', email: 'ann@example.com' };
const group = [...fields('name', [...notName, ['null', null]]), ...fields('permissions', notPermissions)];

export const writeRoutes: readonly WriteRoute[] = [
  {
    ...{ method: 'POST', path: '/groups', good: { name: 'New', permissions: ['a.read'] } },
    bad: [
      ...group,
      ...groupText,
      ['no name', { name: undefined }],
      ['no permissions', { permissions: undefined }],
    ],
  },
  ...['PUT', 'PATCH'].map((method) => ({
    ...{ method, path: '/groups/:group', good: { name: 'New' }, acceptsNothing: true },
    bad: [...group, ...groupText],
  })),
  {
    ...{ method: 'PUT', path: '/groups/:group/users/:user', good: { can_edit: true }, acceptsNothing: true },
    bad: fields('can_edit', [['a text', 'true'], ['a number', 1], ['null', null], ['a list', []]]), // prettier-ignore
  },
  {
    ...{ method: 'PATCH', path: '/account', good: { name: 'New' }, acceptsNothing: true },
    bad: [
      ...fields('name', [...notName, ['null', null]]),
      ...fields('contacts', [['null', null], ['a list', []], ['a text', 'x'], ['a number', 1]]), // prettier-ignore
      ...notIdText.map(([what, id]) => [`super_admin: ${what}`, { contacts: { super_admin: id } }] as const),
    ],
  },
  {
    ...{ method: 'POST', path: '/users/:user/keys', good: { name: 'New' }, acceptsNothing: true },
    bad: fields('name', notName),
  },
  {
    ...{ method: 'PUT', path: '/users/:user/permissions', good: { permissions: ['a.read'] } },
    bad: [...fields('permissions', notPermissions), ['no permissions', { permissions: undefined }]],
  },
  {
    ...{ method: 'POST', path: '/companies', good: { name: 'New', admin }, key: operatorKey },
    bad: [
      ...fields('name', [...notName, ['null', null]]),
      ...fields('admin', [['null', null], ['a list', [admin]], ['a text', 'x'], ['missing', undefined]]), // prettier-ignore
      ...['first_name', 'last_name'].flatMap((name) =>
        fields(name, [...notName, ['missing', undefined]]).map(inAdmin),
      ),
      ...fields('password', notPassword).map(inAdmin),
      ...fields('email', [['missing', undefined]]).map(inAdmin),
    ],
  },
];

function inAdmin([what, fields]: readonly [string, object]): [string, object] {
  return [`admin.${what}`, { admin: { ...admin, ...fields } }];
}

/** The routes of {@link writeRoutes} with ids that exist, in a company of their own. */
export async function targetOf(app: RunningApp): Promise<{ company: Company; at: (path: string) => string }> {
  const company = await Company.first(app);
  const ids = { ':group': await company.group(), ':user': await company.user() };
  const at = (path: string) => path.replace(/:\w+/g, (name) => ids[name as keyof typeof ids]);
  return { company, at };
}
