import { beforeEach, describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addRole,
  ADMIN,
  addUser,
  giveKey,
  openCompany,
  type Person,
  share,
  startService,
  unique,
  within,
} from '../../support/people.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1, v2 } = admin;

let max: Person;
/** Bob by a key that Max has made when Bob was weak. */
let bob: Person;
beforeEach(async () => {
  max = await addPerson(app, admin, ['user.manage']);
  bob = await giveKey(app, max, await addUser(v1, { roles: [await addRole(v1)] }));
});

const promote = (user: string, client?: string) =>
  v1('PUT', `/roles/${ADMIN}/users/${user}${within(client)}`);
const group = (...permissions: string[]) => ({ name: unique('Group'), permissions });
const statusOf = async (answer: ReturnType<Person['v2']>) => (await answer).status;
const issuers = async (user: string, query = '') =>
  ((await v2('GET', `/users/${user}/keys${query}`)).body as object[]).map(
    (key) => Reflect.get(key, 'issued_by') as unknown,
  );

describe('X97: a key that somebody else has made', () => {
  it('holds at most what its maker holds when its owner becomes Admin', async () => {
    expect(await statusOf(bob.v2('POST', '/groups', group()))).toBe(403);
    await promote(bob.id);
    expect(await statusOf(bob.v2('POST', '/groups', group('user.manage')))).toBe(201);
    expect(await statusOf(bob.v2('POST', '/groups', group('klip.edit')))).toBe(403);
    expect(await statusOf(bob.v2('PATCH', '/account', { name: 'Mine' }))).toBe(403);
    expect(await statusOf(bob.v1('GET', '/clients'))).toBe(401);
    const own = await giveKey(app, admin, bob.id);
    expect(await statusOf(own.v2('POST', '/groups', group('klip.edit')))).toBe(201);
  });

  it('loses and gains with its maker, at once', async () => {
    await promote(bob.id);
    await v2('PUT', `/users/${max.id}/permissions`, { permissions: ['klip.edit'] });
    expect(await statusOf(bob.v2('POST', '/groups', group('klip.edit')))).toBe(201);
    await v2('PUT', `/users/${max.id}/permissions`, { permissions: [] });
    expect(await statusOf(bob.v2('POST', '/groups', group('klip.edit')))).toBe(403);
  });

  it('goes on with what its maker held last, when that one is deleted', async () => {
    await promote(bob.id);
    await v1('DELETE', `/users/${max.id}`);
    expect(await statusOf(bob.v2('POST', '/groups', group('user.manage')))).toBe(201);
    expect(await statusOf(bob.v2('POST', '/groups', group('klip.edit')))).toBe(403);
    expect(await statusOf(bob.v2('PATCH', '/account', { name: 'Mine' }))).toBe(403);
    expect(await issuers(bob.id)).toEqual([max.id]);
  });

  it('shows in the profile what it holds; effective permissions stay the user’s', async () => {
    await promote(bob.id);
    expect(pick(await bob.v1('GET', '/profile?full=true'), 'data', 'permissions')).toEqual(['user.manage']);
    const effective = await bob.v2('GET', `/users/${bob.id}/effective-permissions`);
    expect(pick(effective, 0, 'permission')).toBe('*');
  });

  it('is no way to a key without its limits', async () => {
    await promote(bob.id);
    const refused = await bob.v2('POST', `/users/${bob.id}/keys`, {});
    expect([refused.status, pick(refused, 'code')]).toEqual([403, 'permission_escalation']);
  });

  it('is told from others in the list by its issuer', async () => {
    await giveKey(app, admin, bob.id);
    expect(await issuers(bob.id)).toEqual([max.id, admin.id]);
    expect(await issuers(admin.id)).toEqual([null]);
    await giveKey(app, admin, admin.id);
    expect(await issuers(admin.id)).toEqual([null, admin.id]);
  });
});

describe('X97: a key of a client’s user that somebody of the company has made', () => {
  it('holds what its maker holds in the client, and nothing without the reach', async () => {
    const client = await addClient(v1);
    const team = await addGroup(v1);
    await v1('PUT', `/users/${max.id}/groups/${team}`);
    await share(v1, client, true, team);
    const cem = await giveKey(
      app,
      max,
      await addUser(v1, { roles: [await addRole(v1, [], client)] }, client),
      client,
    );
    await promote(cem.id, client);
    expect(await issuers(cem.id, within(client))).toEqual([max.id]);
    expect(await statusOf(cem.v2('POST', '/groups', group('klip.edit')))).toBe(403);
    expect(await statusOf(cem.v2('POST', '/groups', group('user.manage')))).toBe(201);
    await share(v1, client, false, team);
    expect(await statusOf(cem.v2('GET', '/groups'))).toBe(200);
    expect(await statusOf(cem.v2('POST', '/groups', group()))).toBe(403);
    await v1('DELETE', `/clients/${client}/share-rights/${team}`);
    expect(await statusOf(cem.v2('GET', '/groups'))).toBe(403);
    await promote(max.id);
    expect(await statusOf(cem.v2('POST', '/groups', group('klip.edit')))).toBe(201);
  });

  it('reaches what maker and owner reach, on the company’s side', async () => {
    const client = await addClient(v1);
    const team = await addGroup(v1);
    await promote(bob.id);
    expect(await statusOf(bob.v1('GET', `/users${within(client)}`))).toBe(401);
    await v1('PUT', `/users/${max.id}/groups/${team}`);
    await share(v1, client, true, team);
    expect(await statusOf(bob.v1('GET', `/users${within(client)}`))).toBe(200);
    expect(await statusOf(bob.v1('POST', '/groups', { name: 'G', client_id: client }))).toBe(201);
  });
});

it('X97: revoking a key of a stronger user is 403, of one’s own never', async () => {
  const boss = await addAdmin(app, admin);
  const [key] = (await v2('GET', `/users/${boss.id}/keys`)).body as { id: string }[];
  const refused = await max.v2('DELETE', `/users/${boss.id}/keys/${key?.id}`);
  expect([refused.status, pick(refused, 'code')]).toEqual([403, 'permission_escalation']);
  expect(await statusOf(boss.v2('DELETE', `/users/${boss.id}/keys/${key?.id}`))).toBe(204);
  const [weak] = (await v2('GET', `/users/${bob.id}/keys`)).body as { id: string }[];
  expect(await statusOf(max.v2('DELETE', `/users/${bob.id}/keys/${weak?.id}`))).toBe(204);
});
