import { afterAll } from '@jest/globals';
import { type Answer, type ApiClient, idOf, operatorKey, pick } from './api-client.js';
import { RunningApp } from './app.js';

export const ADMIN = 'a0000000000000000000000000000001';
export const EDITOR = 'a0000000000000000000000000000002';
export const VIEW_ONLY = 'a0000000000000000000000000000003';

/** Calls one API as one user. */
export type Call = ReturnType<ApiClient['v1']>;

/** A user with an API key. */
export interface Person {
  readonly id: string;
  readonly key: string;
  readonly v1: Call;
  readonly v2: Call;
}

/** A company with its first user, an admin who has every contact. */
export interface Company {
  readonly id: string;
  readonly name: string;
  readonly admin: Person;
}

/** The service for one test file, stopped after its tests. A file that fails before them does not keep jest alive. */
export async function startService(
  settings: Parameters<typeof RunningApp.start>[0] = {},
): Promise<RunningApp> {
  const running = await RunningApp.start(settings);
  running.app.getHttpServer().unref();
  afterAll(() => running.stop());
  return running;
}

let made = 0;

/** A word that nothing else in this test file has. */
export function unique(word: string): string {
  made += 1;
  return `${word}-${made}`;
}

/** The query string that names a client account; nothing for one's own. */
export function within(client?: string): string {
  return client === undefined ? '' : `?client_id=${client}`;
}

function personWith(app: ApiClient, id: string, key: string): Person {
  return { id, key, v1: app.v1(key), v2: app.v2(key) };
}

async function made201(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== 201) {
    const headers = JSON.stringify(Object.fromEntries(answer.headers));
    throw new Error(`${answer.status} instead of 201: ${answer.text} with ${headers}`);
  }
  return answer;
}

/** Has the operator open a company. */
export async function openCompany(
  app: ApiClient,
  { name = unique('Company'), email = `${unique('ann')}@example.com`, password = null as string | null } = {},
): Promise<Company> {
  const body = { name, admin: { first_name: 'Ann', last_name: 'Archer', email, password } };
  const headers = { authorization: `Bearer ${operatorKey}` };
  const answer = await made201(app.request('POST', '/api/v2/companies', { body, headers }));
  const admin = personWith(app, String(pick(answer, 'admin_user_id')), String(pick(answer, 'api_key')));
  return { id: String(pick(answer, 'id')), name, admin };
}

/** A body for POST /users. */
export function userFacts(facts: object = {}): object {
  const email = `${unique('jane')}@example.com`;
  return { first_name: 'Jane', last_name: 'Doe', email, roles: [VIEW_ONLY], ...facts };
}

/** @returns the id of the new user */
export async function addUser(call: Call, facts: object = {}, client?: string): Promise<string> {
  return idOf(await made201(call('POST', `/users${within(client)}`, userFacts(facts))));
}

/** @returns the id of the new group */
export async function addGroup(call: Call, facts: object = {}, client?: string): Promise<string> {
  return idOf(await made201(call('POST', `/groups${within(client)}`, { name: unique('Group'), ...facts })));
}

/** @returns the id of the new role */
export async function addRole(
  call: Call,
  permissions: readonly string[] = [],
  client?: string,
): Promise<string> {
  return idOf(await made201(call('POST', `/roles${within(client)}`, { name: unique('Role'), permissions })));
}

/** @returns the id of the new client account */
export async function addClient(call: Call, facts: object = {}): Promise<string> {
  return idOf(await made201(call('POST', '/clients', { name: unique('Client'), ...facts })));
}

/** Shares a client with a group of its company, All Users unless another one is named. */
export async function share(call: Call, client: string, can_manage: boolean, group?: string): Promise<void> {
  const group_id = group ?? String(pick(await call('GET', '/groups?limit=1'), 'data', 'groups', 0, 'id'));
  const answer = await call('PUT', `/clients/${client}/share-rights`, { groups: [{ group_id, can_manage }] });
  if (answer.status !== 200) throw new Error(`${answer.status} instead of 200: ${answer.text}`);
}

/** Makes a key for a user who exists. */
export async function giveKey(app: ApiClient, by: Person, id: string, client?: string): Promise<Person> {
  const answer = await made201(by.v2('POST', `/users/${id}/keys${within(client)}`, {}));
  return personWith(app, id, String(pick(answer, 'key')));
}

/** A new user with a key, whose one role holds these permissions. */
export async function addPerson(
  app: ApiClient,
  by: Person,
  permissions: readonly string[],
  client?: string,
): Promise<Person> {
  const role = await addRole(by.v1, permissions, client);
  return giveKey(app, by, await addUser(by.v1, { roles: [role] }, client), client);
}

/** A new user with a key and the Admin role. */
export async function addAdmin(app: ApiClient, by: Person, client?: string): Promise<Person> {
  return giveKey(app, by, await addUser(by.v1, { roles: [ADMIN] }, client), client);
}

/** `<account>@<revision>` of the caller's account, or of a client of it, as a read reflects it. */
export async function revision(call: Call, client?: string): Promise<string> {
  const scope = client === undefined ? '' : `&client_id=${client}`;
  const answer = await call('GET', `/groups?limit=1${scope}`);
  return answer.headers.get('muster-revision') ?? answer.text;
}
