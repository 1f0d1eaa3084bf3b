import { type Answer, pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addRole,
  addUser,
  type Call,
  share,
  unique,
  userFacts,
  VIEW_ONLY,
  within,
} from '../../support/people.js';

export type Kind = 'user' | 'group' | 'role' | 'client' | 'tab_instance';
export type Ids = Readonly<Record<Kind, string>>;

/** One route of v1, with a request that succeeds. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:user`, `:group`, `:role`, `:client`, `:tab_instance` where ids stand; the query that it needs is in it. */
  readonly path: string;
  /** The permission it asks for; absent: any user of the account. */
  readonly needs?: 'user.manage' | `client.${'access' | 'build' | 'edit' | 'share' | 'delete'}`;
  /** Whether client_id chooses the account. */
  readonly isScoped: boolean;
  /** Status of a success: 201 of a POST and 200 of others, when absent. */
  readonly status?: number;
  readonly body?: (ids: Ids) => Readonly<Record<string, unknown>>;
  /** Whether the body is a map of any names: there is none that it does not know. */
  readonly isMap?: true;
}

const edited = { needs: 'client.edit', isScoped: false } as const;
const managed = { needs: 'user.manage', isScoped: true } as const;

/** Every route of v1 that can succeed. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/users', isScoped: true },
  { method: 'GET', path: '/users/:user', ...managed },
  { method: 'POST', path: '/users', ...managed, body: ({ role }) => ({ ...userFacts({ roles: [role] }) }) },
  { method: 'PUT', path: '/users/:user', ...managed, body: () => ({ first_name: unique('Janet') }) },
  { method: 'DELETE', path: '/users/:user', ...managed },
  { method: 'GET', path: '/users/:user/groups', ...managed },
  { method: 'PUT', path: '/users/:user/groups', ...managed, body: ({ group }) => ({ group_id: group }) },
  { method: 'PUT', path: '/users/:user/groups/:group', ...managed, body: () => ({ can_edit: true }) },
  { method: 'DELETE', path: '/users/:user/groups/:group', ...managed },
  { method: 'GET', path: '/users/:user/roles', ...managed },
  { method: 'PUT', path: '/users/:user/roles/:role', ...managed, body: () => ({}) },
  { method: 'DELETE', path: '/users/:user/roles/:role', ...managed },
  { method: 'GET', path: '/users/:user/properties', ...managed },
  {
    method: 'PUT',
    path: '/users/:user/properties',
    ...managed,
    body: () => ({ properties: { department: unique('Sales') } }),
  },
  { method: 'DELETE', path: '/users/:user/properties?name=department', ...managed },
  { method: 'GET', path: '/users/:user/tab-instances', ...managed },
  {
    method: 'PUT',
    path: '/users/:user/tab-instances',
    ...managed,
    body: () => ({ tab_ids: [unique('tab')] }),
  },
  { method: 'DELETE', path: '/users/:user/tab-instances/:tab_instance', ...managed },
  { method: 'POST', path: '/users/:user/@/resend-invite', ...managed, status: 200, body: () => ({}) },
  { method: 'POST', path: '/users/:user/@/reset-password', ...managed, status: 200, body: () => ({}) },
  { method: 'GET', path: '/groups', isScoped: true },
  { method: 'GET', path: '/groups/:group', ...managed },
  { method: 'POST', path: '/groups', ...managed, body: () => ({ name: unique('Group') }) },
  { method: 'PUT', path: '/groups/:group', ...managed, body: () => ({ name: unique('Group') }) },
  { method: 'DELETE', path: '/groups/:group', ...managed },
  { method: 'GET', path: '/groups/:group/users', ...managed },
  { method: 'PUT', path: '/groups/:group/users/:user', ...managed, body: () => ({ can_edit: true }) },
  { method: 'DELETE', path: '/groups/:group/users/:user', ...managed },
  { method: 'GET', path: '/groups/:group/default-tabs', ...managed },
  { method: 'GET', path: '/groups/:group/default-tabs/sales', ...managed },
  {
    method: 'POST',
    path: '/groups/:group/default-tabs',
    ...managed,
    body: () => ({ tab_ids: [unique('tab')] }),
  },
  { method: 'GET', path: '/roles', ...managed },
  { method: 'GET', path: '/roles/:role', ...managed },
  { method: 'POST', path: '/roles', ...managed, body: () => ({ name: unique('Role') }) },
  { method: 'PUT', path: '/roles/:role', ...managed, body: () => ({ name: unique('Role') }) },
  { method: 'DELETE', path: '/roles/:role', ...managed },
  { method: 'GET', path: '/roles/:role/permissions', ...managed },
  {
    method: 'PUT',
    path: '/roles/:role/permissions',
    ...managed,
    body: () => ({ permissions: ['user.manage'] }),
  },
  {
    method: 'DELETE',
    path: '/roles/:role/permissions',
    ...managed,
    body: () => ({ permissions: ['user.manage'] }),
  },
  { method: 'GET', path: '/roles/:role/users', ...managed },
  { method: 'PUT', path: '/roles/:role/users/:user', ...managed, body: () => ({}) },
  { method: 'DELETE', path: '/roles/:role/users/:user', ...managed },
  { method: 'GET', path: '/clients', needs: 'client.access', isScoped: false },
  { method: 'GET', path: '/clients/:client', needs: 'client.access', isScoped: false },
  {
    method: 'POST',
    path: '/clients',
    needs: 'client.build',
    isScoped: false,
    body: () => ({ name: unique('Client') }),
  },
  { method: 'PUT', path: '/clients/:client', ...edited, body: () => ({ name: unique('Client') }) },
  { method: 'DELETE', path: '/clients/:client', needs: 'client.delete', isScoped: false },
  { method: 'GET', path: '/clients/:client/resources', needs: 'client.access', isScoped: false },
  {
    method: 'PUT',
    path: '/clients/:client/resources',
    ...edited,
    body: () => ({ resources: [{ name: 'company.seats', value: 5 }] }),
  },
  {
    method: 'POST',
    path: '/clients/:client/settings',
    ...edited,
    status: 200,
    isMap: true,
    body: () => ({ locale: unique('de') }),
  },
  { method: 'POST', path: '/clients/:client/@/extend_trial', ...edited, status: 200 },
  { method: 'POST', path: '/clients/:client/@/enable_direct_billing', ...edited, status: 200 },
  { method: 'GET', path: '/clients/:client/share-rights', needs: 'client.access', isScoped: false },
  {
    method: 'PUT',
    path: '/clients/:client/share-rights',
    needs: 'client.share',
    isScoped: false,
    body: ({ group }) => ({ groups: [{ group_id: group, can_manage: true }] }),
  },
  {
    method: 'DELETE',
    path: '/clients/:client/share-rights/:group',
    needs: 'client.share',
    isScoped: false,
  },
  { method: 'GET', path: '/clients/:client/properties', needs: 'client.access', isScoped: false },
  {
    method: 'PUT',
    path: '/clients/:client/properties',
    ...edited,
    body: () => ({ properties: { region: unique('Nord') } }),
  },
  { method: 'DELETE', path: '/clients/:client/properties?name=region', ...edited },
  { method: 'GET', path: '/profile', isScoped: false },
];

/** The status of the route's success. */
export const statusOf = ({ method, status }: Route): number => status ?? (method === 'POST' ? 201 : 200);

export const isWrite = ({ method }: Route): boolean => method !== 'GET';

/** Routes whose path lacks the id they are about: they only say so. */
export const incompleteRoutes = [
  { method: 'PUT', path: '/roles/:role/users', code: 'missing_user_id' },
  { method: 'DELETE', path: '/roles/:role/users', code: 'missing_user_id' },
  { method: 'PUT', path: '/users/:user/roles', code: 'missing_id' },
  { method: 'DELETE', path: '/users/:user/roles', code: 'missing_id' },
  { method: 'DELETE', path: '/users', code: 'missing_id' },
  { method: 'DELETE', path: '/clients/:client/share-rights', code: 'missing_id' },
] as const;

/** Ids that nothing has. */
export const nobody: Ids = {
  ...{ user: 'nobody', group: 'nothing', role: 'none', client: 'nowhere', tab_instance: 'no-copy' },
};

/** Writes ids into a path. */
export function fill(path: string, ids: Ids): string {
  return path.replace(/:(user|group|role|client|tab_instance)/g, (_, kind: Kind) => ids[kind]);
}

/** The kinds of ids a route names, in the order of its path. */
export function kindsOf({ path, body }: Route): Kind[] {
  const inPath = [...path.matchAll(/:(user|group|role|client|tab_instance)/g)].map(
    ([, kind]) => kind as Kind,
  );
  const inBody = JSON.stringify(body?.({ ...nobody, group: 'probe' }) ?? {}).includes('"group_id":"probe"');
  return inBody ? [...inPath, 'group'] : inPath;
}

/** A path with more in its query. */
export function queried(path: string, query: string): string {
  return path.includes('?') ? path + query.replace('?', '&') : path + query;
}

/** Sends a route's request. */
export function send(call: Call, { method, path, body }: Route, ids: Ids, query = ''): Promise<Answer> {
  return call(method, queried(fill(path, ids), query), body?.(ids));
}

/** New things on which the route's request succeeds: for a DELETE the user is in the group, has the role and the property, the client is shared with the group and has its property. */
export async function freshIds(call: Call, { method, path }: Route, client?: string): Promise<Ids> {
  const [group, role] = [await addGroup(call, {}, client), await addRole(call, [], client)];
  const roles = method === 'DELETE' ? [VIEW_ONLY, role] : [VIEW_ONLY];
  const user = await addUser(call, { roles }, client);
  if (method === 'DELETE') await call('PUT', `/users/${user}/groups/${group}${within(client)}`);
  if (path.endsWith('/sales'))
    await call('POST', `/groups/${group}/default-tabs${within(client)}`, { tab_id: 'sales' });
  const own = `/users/${user}/properties${within(client)}`;
  if (path.includes('?name=department')) await call('PUT', own, { properties: { department: 'Sales' } });
  const tabs = await call('PUT', `/users/${user}/tab-instances${within(client)}`, { tab_ids: ['tab'] });
  const tab_instance = String(pick(tabs, 'data', 'tab_instances', 0, 'id'));
  const status = path.endsWith('extend_trial') ? 'trial' : 'active';
  const known = path.includes(':client') ? await addClient(call, { status }) : '';
  if (method === 'DELETE' && known !== '') {
    await share(call, known, false, group);
    await call('PUT', `/clients/${known}/properties`, { properties: { region: 'Nord' } });
  }
  return { user, group, role, tab_instance, client: known };
}
