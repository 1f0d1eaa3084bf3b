import type { Ids } from '../../e2e/operation/furnished.js';
import type { OpenApiDocument, Operation, Schema } from '../../e2e/operation/openapi-document.js';
import type { Caller } from './callers.js';
import type { Tenant } from './tenants.js';

/** A request that names something the caller must not reach. */
export interface Attempt {
  readonly operation: Operation;
  /** In words, for a failure to tell. */
  readonly what: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it must be refused. What only asks for something foreign may find nothing instead. */
  readonly isRefused: boolean;
}

type Query = Readonly<Record<string, string>>;

/** Requests of an operation with ids of one foreign account where the path, client_id and the body take ids. */
export function attemptsOn(
  document: OpenApiDocument,
  operation: Operation,
  { own }: Pick<Caller, 'own'>,
  foreign: Tenant,
): readonly Attempt[] {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter(isId);
  const schema = document.bodySchema(operation);
  const body = schema && bodyWith(document, schema, own.ids);
  const isScoped = operation.parameters.some(({ name }) => name === 'client_id');
  const request = (what: string, ids: Ids, query: Query = {}, more: Partial<Attempt> = {}): Attempt => ({
    ...{ operation, what, url: urlOf(operation, ids, query), headers: {}, isRefused: true },
    ...(body ? { body } : {}),
    ...more,
  });
  const scope = { client_id: foreign.account };
  const attempts: Attempt[] = [];
  if (inPath.length > 0) attempts.push(request('a foreign path', foreign.ids));
  if (inPath.length > 1)
    for (const name of inPath)
      attempts.push(
        request(`a foreign ${name}`, { ...own.ids, [name]: foreign.ids[name] ?? foreign.account }),
      );
  if (isScoped) {
    attempts.push(request('a foreign client_id', own.ids, scope));
    attempts.push(request('a foreign path and client_id', foreign.ids, scope));
    if (body)
      attempts.push(request('a foreign client_id in the body', own.ids, {}, { body: { ...body, ...scope } }));
  }
  if (schema) {
    const named = bodyWith(document, schema, foreign.ids);
    if (JSON.stringify(named) !== JSON.stringify(body))
      attempts.push(request('foreign ids in the body', own.ids, {}, { body: named, isRefused: false }));
  }
  return attempts;
}

/** Reads that ask for something foreign by parameters and headers. */
export function questionsOn(
  operation: Operation,
  { own }: Pick<Caller, 'own'>,
  foreign: Tenant,
  cursors: readonly string[],
): readonly Attempt[] {
  if (operation.method !== 'GET') return [];
  const asked = operation.parameters
    .filter((one) => one.in === 'query')
    .flatMap(({ name, schema }) =>
      valuesOf(name, schema, foreign, cursors).map((value) => ({ [name]: value })),
    );
  return [
    ...asked.map((query) => ({
      what: JSON.stringify(query),
      url: urlOf(operation, own.ids, query),
      headers: {},
    })),
    ...headersOf(foreign).map((headers) => ({
      ...{ what: JSON.stringify(headers), url: urlOf(operation, own.ids, {}), headers },
    })),
  ].map((one) => ({ ...one, operation, isRefused: false }));
}

/** Not what a path chooses that no account owns. */
function isId(name: string): boolean {
  return !['revision', 'type', 'version', 'tabId'].includes(name);
}

/** What stands in a path that brings something back. */
function formerIds({ formerUserId = '', formerGroupId = '', changedAt = '' }: Ids, path: string): Ids {
  if (path.endsWith('/restore')) return { userId: formerUserId, groupId: formerGroupId };
  return path.endsWith('/revert') ? { revision: changedAt } : {};
}

function urlOf({ path, parameters }: Operation, ids: Ids, query: Query): string {
  const named: Ids = { ...ids, tabId: 'first', ...formerIds(ids, path) };
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? 'none');
  const needed = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, example, schema }) => [name, String(ids[name] ?? example ?? schema?.example)] as const);
  const asked = new URLSearchParams({ ...Object.fromEntries(needed), ...query }).toString();
  return asked === '' ? url : `${url}?${asked}`;
}

const booleans = new Set(['boolean']);
const numbers = new Set(['number', 'integer']);

function valuesOf(
  name: string,
  { type = 'string', example }: Schema = {},
  { account, ids, sought }: Tenant,
  cursors: readonly string[],
): readonly string[] {
  if (['client_id', 'limit', 'offset', 'wait'].includes(name) || name.endsWith('!')) return [];
  if (booleans.has(type)) return ['true'];
  if (numbers.has(type)) return ['0'];
  if (/^(after|before|cursor)$/.test(name)) return [...cursors, `${account}@0`, `${account}/0`];
  if (/^(as_of|from|to|at)$/.test(name)) return [`${account}@1`, `${account}/1`];
  if (typeof example === 'string' && /^[a-z_,]+$/.test(example)) return [example];
  if (/^(q|email|external_id)$/.test(name)) return [name === 'email' ? `${sought}@example.com` : sought];
  return [ids[`${name}Id`] ?? account];
}

function headersOf({ account, ids }: Tenant): readonly Record<string, string>[] {
  return [
    { 'Muster-At-Least': `${account}@0` },
    { 'kf-user-id': ids['userId'] ?? '', 'Last-Event-ID': `${account}/0` },
  ];
}

/** The body of the document's examples, with ids of an account where ids belong. */
function bodyWith(document: OpenApiDocument, schema: Schema, ids: Ids): unknown {
  const example = document.exampleOf(schema) as Record<string, unknown>;
  return withIds({ ...example, client_id: undefined, url: example['url'] && 'http://127.0.0.1:9/in' }, ids);
}

const kinds: Readonly<Record<string, string>> = {
  ...{ users: 'userId', user_ids: 'userId', contacts: 'userId', super_admin: 'userId' },
  ...{ groups: 'groupId', group_ids: 'groupId', roles: 'roleId', role_ids: 'roleId' },
  ...{ clients: 'clientId', webhooks: 'webhookId', event_id: 'deliveryId', business_contact: 'userId' },
  ...{ technical_contact: 'userId' },
};

/** @param kind of the ids, as the name above says */
function withIds(value: unknown, ids: Ids, kind?: string): unknown {
  if (typeof value === 'string') return (kind === undefined ? undefined : ids[kind]) ?? value;
  if (Array.isArray(value)) return value.map((one) => withIds(one, ids, kind));
  if (typeof value !== 'object' || value === null) return value;
  const type: unknown = Reflect.get(value, 'type');
  const ofType = typeof type === 'string' ? `${type}Id` : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      withIds(one, ids, name === 'id' ? ofType : kindOf(name)),
    ]),
  );
}

function kindOf(name: string): string | undefined {
  const [, word] = /^(\w+)_id$/.exec(name) ?? [];
  if (word !== undefined && word !== 'external' && word !== 'tab') return `${word}Id`;
  return kinds[name];
}
