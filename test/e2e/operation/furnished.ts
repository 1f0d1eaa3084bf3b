import { Deliveries, type DeliveriesParts } from '../../../src/publish/webhooks/deliveries.js';
import { kept } from '../../../src/publish/webhooks/delivery.js';
import { type Answer, operatorKey, pick } from '../../support/api-client.js';
import { type RunningApp } from '../../support/app.js';
import { mailedToken } from '../../support/password-tokens.js';
import { Company, viewOnlyRole } from '../v2/company.js';
import { type OpenApiDocument, type Operation } from './openapi-document.js';

/** Ids that exist, by the names that paths and bodies give them. */
export type Ids = Readonly<Record<string, string>>;

/** Of a user, a group and a client: lists show all they can of what has it. */
export const externalId = 'crm-1';

/** Where webhooks send, and nobody listens. */
const receiver = 'http://127.0.0.1:9/in';

/** A company in which every route has something to find. */
export async function furnished(app: RunningApp): Promise<{ company: Company; ids: Ids }> {
  const company = await Company.open(app);
  const [userId, groupId, roleId] = [
    await company.user(),
    await company.group(),
    await company.role(['a.read']),
  ];
  await company.call('PUT', `/groups/${groupId}/users/${userId}`);
  const tabId = 'sales';
  await app.v1(company.admin.key)('POST', `/groups/${groupId}/default-tabs`, { tab_id: tabId });
  await company.call('PUT', `/users/${userId}/permissions`, { permissions: ['b.read'] });
  const keyId = String(pick(await company.call('POST', `/users/${userId}/keys`), 'id'));
  const facts = { description: 'Since 2019', status: 'trial', custom_theme: 'dark' };
  const clientId = await company.client({ ...facts, external_id: externalId });
  await company.user({}, clientId);
  for (const path of [`/users/${userId}`, `/groups/${groupId}`])
    await app.v1(company.admin.key)('PUT', path, { external_id: externalId });
  const user = `/users/${userId}`;
  await app.v1(company.admin.key)('PUT', `${user}/properties`, {
    properties: { department: 'Sales', floor: '' },
  });
  const tabs = await app.v1(company.admin.key)('PUT', `${user}/tab-instances`, { tab_ids: ['first'] });
  const tabInstanceId = String(pick(tabs, 'data', 'tab_instances', 0, 'id'));
  const token = await mailedToken(app, company.id, userId);
  const shares = { groups: [{ group_id: groupId }] };
  await app.v1(company.admin.key)('PUT', `/clients/${clientId}/share-rights`, shares);
  const properties = { region: 'Nord', department: '' };
  await app.v1(company.admin.key)('PUT', `/clients/${clientId}/properties`, { properties });
  await webhookIn(company);
  const former = await formerThings(company);
  const ids = {
    userId,
    groupId,
    roleId,
    keyId,
    clientId,
    tabId,
    tabInstanceId,
    token,
    ...{ revision: '0', account: company.id },
    ...{ type: 'UserCreated', version: '1' },
    ...former,
  };
  return { company, ids };
}

/** A new webhook's id. */
export async function webhookIn(company: Company, client_id?: string): Promise<string> {
  return String(pick(await company.call('POST', '/webhooks', { url: receiver, client_id }), 'id'));
}

/** A webhook, a deleted user, a deleted group, and the revision of a change that can be taken back. */
export async function formerThings(company: Company, clientId?: string): Promise<Ids> {
  const query = clientId === undefined ? '' : `?client_id=${clientId}`;
  const [formerUserId, formerGroupId] = [await company.user({}, clientId), await company.group([], clientId)];
  const path = `/users/${formerUserId}${query}`;
  await company.app.v1(company.admin.key)('DELETE', path);
  await company.call('DELETE', `/groups/${formerGroupId}${query}`);
  const renamed = await company.group([], clientId);
  const { headers } = await company.call('PATCH', `/groups/${renamed}${query}`, { name: 'Renamed' });
  const changedAt = /@(\d+)/.exec(headers.get('muster-revision') ?? '')?.[1] ?? '';
  const webhookId = await webhookIn(company, clientId);
  return {
    formerUserId,
    formerGroupId,
    changedAt,
    webhookId,
    deliveryId: await deliveryTo(company.app, webhookId, clientId ?? company.id),
  };
}

/** A delivery of a webhook that was not accepted, as the sender keeps it. */
async function deliveryTo(app: RunningApp, webhook: string, id: string): Promise<string> {
  const { log } = Reflect.get(app.app.get(Deliveries), 'parts') as DeliveriesParts;
  const unit = { id: `${id}.0`, events: [{ account: id, revision: 0 }], keys: [], attempts: [] };
  const delivery = { ...unit, event_id: `${id}/0`, event_type: 'CompanyOpened', status: 'skipped' } as const;
  const another = { ...delivery, id: `${id}.1` };
  await log.record(webhook, [kept(delivery, Date.now()), kept(another, Date.now())]);
  return delivery.id;
}

/** What stands in a path that takes back something, unless a test has put in something blank. */
function undone(ids: Ids, path: string): Ids {
  const { formerUserId = '', formerGroupId = '', changedAt = '' } = ids;
  const former = path.endsWith('/restore')
    ? { userId: formerUserId, groupId: formerGroupId }
    : path.endsWith('/revert')
      ? { revision: changedAt }
      : {};
  const isMeant = ([name]: [string, string]) => decodeURIComponent(ids[name] ?? 'x').trim() !== '';
  return { ...ids, ...Object.fromEntries(Object.entries(former).filter(isMeant)) };
}

/** The body that the document's examples make, with ids that exist in place of its made-up ones. */
export function exampleBody(document: OpenApiDocument, operation: Operation, ids: Ids): object | undefined {
  const schema = document.bodySchema(operation);
  if (!schema) return undefined;
  const body = { ...(document.exampleOf(schema) as Record<string, unknown>), client_id: undefined };
  if ('group_id' in body) body['group_id'] = ids['groupId'];
  if ('url' in body) body['url'] = receiver;
  if ('token' in body) body['token'] = ids['token'];
  if ('groups' in body) body['groups'] = [{ group_id: ids['groupId'], can_manage: true }];
  if (!('contacts' in body)) return body;
  const contacts = Object.keys(body['contacts'] as object).map((contact) => [contact, ids['userId']]);
  return { ...body, contacts: Object.fromEntries(contacts) as object };
}

/** Sends the request that an operation describes, as the company's admin. */
export function call(
  { method, path, parameters }: Operation,
  { app, admin }: Company,
  ids: Ids,
  body?: unknown,
  query = '',
): Promise<Answer> {
  const takesRole = method === 'DELETE' && path.includes('{userId}');
  const names = undone(takesRole ? { ...ids, roleId: viewOnlyRole } : ids, path);
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');
  // What a route needs of its query is in its examples.
  const needed = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const asked = needed
    .map(({ name, example, schema }) => `${name}=${ids[name] ?? String(example ?? schema?.example)}`)
    .join('&');
  const token = path.endsWith('/companies')
    ? operatorKey
    : path.endsWith('/password')
      ? (ids['token'] ?? '')
      : admin.key;
  const headers = { authorization: `Bearer ${token}`, 'kf-api-key': token };
  return app.request(method, url + (query || (asked && `?${asked}`)), { body, headers });
}
