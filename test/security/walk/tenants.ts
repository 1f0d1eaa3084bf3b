import { pick } from '../../support/api-client.js';
import type { RunningApp } from '../../support/app.js';
import {
  addClient,
  addGroup,
  addRole,
  addUser,
  type Company,
  openCompany,
  type Person,
  within,
} from '../../support/people.js';
import { formerThings, type Ids } from '../../e2e/operation/furnished.js';
import { Company as Things } from '../../e2e/v2/company.js';

/** An account with something of everything, by which an answer gives away that it was made from it. */
export interface Tenant {
  readonly account: string;
  /** Of what is in it, by the names that paths and bodies give them. */
  readonly ids: Ids;
  /** An external id in it, and what stands before the `@` of an address. */
  readonly sought: string;
  /** Texts that stand in nothing but this account. */
  readonly inside: readonly string[];
  /** Texts by which others know the account itself. */
  readonly facts: readonly string[];
}

/** A company with two clients. */
export interface Family {
  readonly company: Company;
  readonly own: Tenant;
  readonly clients: readonly [Tenant, Tenant];
}

export async function family(app: RunningApp): Promise<Family> {
  const company = await openCompany(app, { name: mark() });
  const clients = [await clientOf(app, company), await clientOf(app, company)] as const;
  const own = await furnish(app, company);
  const ids = { ...own.ids, clientId: clients[0].account, account: company.id };
  const facts = [company.id, company.name];
  return { company, own: { ...own, account: company.id, ids, facts }, clients };
}

async function clientOf(app: RunningApp, company: Company): Promise<Tenant> {
  const { v1 } = company.admin;
  const name = mark();
  const account = await addClient(v1, { name, description: name, external_id: name });
  await v1('PUT', `/clients/${account}/properties`, { properties: { [name]: name } });
  const own = await furnish(app, company, account);
  return { ...own, account, ids: { ...own.ids, clientId: account, account }, facts: [account, name] };
}

let made = 0;

/** A word that stands nowhere else, and that an address, a name and a permission can be. */
function mark(): string {
  made += 1;
  return `qz${String(made).padStart(4, '0')}zq`;
}

async function furnish(
  app: RunningApp,
  { id, admin }: { readonly id: string; readonly admin: Person },
  client?: string,
): Promise<Pick<Tenant, 'ids' | 'inside' | 'sought'>> {
  const { v1, v2 } = admin;
  const [word, sought, scope] = [mark(), mark(), within(client)];
  const name = { first_name: word, last_name: word, email: `${sought}@example.com`, external_id: sought };
  const userId = await addUser(v1, name, client);
  const groupId = await addGroup(v1, { name: word, description: word, external_id: sought }, client);
  const roleId = await addRole(v1, [word], client);
  await v1('PUT', `/users/${userId}/groups/${groupId}${scope}`);
  await v2('PATCH', `/groups/${groupId}${scope}`, { permissions: [word] });
  await v2('PUT', `/users/${userId}/permissions${scope}`, { permissions: [word] });
  await v1('POST', `/groups/${groupId}/default-tabs${scope}`, { tab_id: word });
  await v1('PUT', `/users/${userId}/properties${scope}`, { properties: { [word]: word } });
  const tabs = await v1('PUT', `/users/${userId}/tab-instances${scope}`, { tab_ids: [word] });
  const key = await v2('POST', `/users/${userId}/keys${scope}`, {});
  const ids = {
    ...{ userId, groupId, roleId, keyId: String(pick(key, 'id')), tabId: word },
    tabInstanceId: String(pick(tabs, 'data', 'tab_instances', 0, 'id')),
    ...(await formerThings(new Things(app, id, admin), client)),
    ...{ revision: '1', type: 'UserCreated', version: '1' },
  };
  const isTelling = (text: string) => text.length > 5 && text !== 'UserCreated';
  return { ids, sought, inside: [...new Set([word, sought, ...Object.values(ids).filter(isTelling)])] };
}
