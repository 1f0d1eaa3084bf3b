import { describe, expect, it } from '@jest/globals';
import { permissionCatalogue } from '../../../src/domain/permissions.js';
import { pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addPerson,
  addRole,
  addUser,
  ADMIN,
  EDITOR,
  openCompany,
  share,
  startService,
  unique,
  userFacts,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
/** Manages users and holds nothing else but klip.edit. */
const manager = await addPerson(app, admin, ['user.manage', 'klip.edit']);
const weak = await addRole(admin.v1, ['klip.edit']);
const strong = await addRole(admin.v1, ['klip.edit', 'tab.edit']);

async function groupWith(...permissions: string[]): Promise<string> {
  return String(pick(await admin.v2('POST', '/groups', { name: unique('G'), permissions }), 'id'));
}

const tried = (method: string, path: string, body?: object, client?: string) =>
  expectNothingRecorded(admin.v1, () => manager.v1(method, path + within(client), body), client);

describe('X56: nobody gives what they do not hold', () => {
  it.each([ADMIN, EDITOR, VIEW_ONLY, strong])(
    'X56: by the role %s, to another or to oneself',
    async (role) => {
      for (const user of [await addUser(admin.v1, { roles: [weak] }), manager.id])
        expectRefusal(await tried('PUT', `/roles/${role}/users/${user}`), 403, 'permission_escalation');
      expectRefusal(
        await tried('POST', '/users', userFacts({ roles: [weak, role] })),
        403,
        'permission_escalation',
      );
    },
  );

  it('X56 X9: by a role that holds no more than the caller it is allowed', async () => {
    const user = await addUser(manager.v1, { roles: [weak] });
    expect((await manager.v1('GET', `/roles/${weak}/users`)).text).toContain(user);
  });

  it('X56: by a new role', async () => {
    const body = { name: 'R', permissions: ['klip.edit', 'tab.edit'] };
    expectRefusal(await tried('POST', '/roles', body), 403, 'permission_escalation');
    expectRefusal(
      await tried('POST', '/roles', { name: 'R', permissions: ['never.heard.of'] }),
      403,
      'permission_escalation',
    );
    expect((await manager.v1('POST', '/roles', { name: 'R', permissions: ['klip.edit'] })).status).toBe(201);
  });

  it('X56: by a group that carries permissions, in either form of the path', async () => {
    const [stronger, equal] = [await groupWith('klip.edit', 'tab.edit'), await groupWith('klip.edit')];
    const path = `/users/${await addUser(admin.v1)}/groups`;
    expectRefusal(await tried('PUT', `${path}/${stronger}`), 403, 'permission_escalation');
    expectRefusal(await tried('PUT', path, { group_id: stronger }), 403, 'permission_escalation');
    expect((await manager.v1('PUT', `${path}/${equal}`)).status).toBe(200);
  });

  it('X56: in a client, too', async () => {
    const client = await addClient(admin.v1);
    await share(admin.v1, client, true);
    const user = await addUser(admin.v1, {}, client);
    const answer = await tried('PUT', `/roles/${ADMIN}/users/${user}`, undefined, client);
    expectRefusal(answer, 403, 'permission_escalation');
  });

  it('X78: what is only repeated or taken is no grant', async () => {
    const user = await addUser(admin.v1, { roles: [strong] });
    const path = `/users/${user}/groups/${await groupWith('tab.edit')}`;
    await admin.v1('PUT', path);
    expect((await manager.v1('PUT', path)).status).toBe(200);
    expect((await manager.v1('PUT', path, { can_edit: true })).status).toBe(200);
    expect((await manager.v1('DELETE', path)).status).toBe(200);
    expectRefusal(await tried('PUT', `/roles/${strong}/users/${user}`), 403, 'user_already_has_role');
    expect((await manager.v1('DELETE', `/roles/${strong}/users/${user}`)).status).toBe(200);
  });
});

describe('X57: nobody takes over a stronger user', () => {
  it('X57 X78: by changing the address, letter case included', async () => {
    const email = `${unique('jane')}@example.com`;
    for (const role of [strong, ADMIN]) {
      const user = await addUser(admin.v1, { email, roles: [role] });
      for (const other of [`new-${email}`, email.toUpperCase()])
        expectRefusal(await tried('PUT', `/users/${user}`, { email: other }), 403, 'permission_escalation');
      await admin.v1('DELETE', `/users/${user}`);
    }
  });

  it('X57: what only a group or the user alone holds counts, too', async () => {
    const [inGroup, alone] = [
      await addUser(admin.v1, { roles: [weak] }),
      await addUser(admin.v1, { roles: [weak] }),
    ];
    await admin.v1('PUT', `/users/${inGroup}/groups/${await groupWith('tab.edit')}`);
    await admin.v2('PUT', `/users/${alone}/permissions`, { permissions: ['tab.edit'] });
    for (const user of [inGroup, alone]) {
      const body = { email: `${unique('new')}@example.com` };
      expectRefusal(await tried('PUT', `/users/${user}`, body), 403, 'permission_escalation');
    }
  });

  it('X57 X78: names, and the address as it is, may be sent', async () => {
    const email = `${unique('jane')}@example.com`;
    const user = await addUser(admin.v1, { email, roles: [ADMIN] });
    expect((await manager.v1('PUT', `/users/${user}`, { first_name: 'Joan', email })).status).toBe(200);
  });

  it('X57: a weaker user changes', async () => {
    const user = await addUser(admin.v1, { roles: [weak] });
    const body = { email: `${unique('new')}@example.com` };
    expect((await manager.v1('PUT', `/users/${user}`, body)).status).toBe(200);
  });
});

describe('X76: an admin holds everything', () => {
  it('X76: also what is in no catalogue', async () => {
    const other = await addAdmin(app, admin);
    const role = await addRole(other.v1, ['zebra.ride']);
    const user = await addUser(other.v1, { roles: [role, ADMIN] });
    expect((await other.v1('PUT', `/users/${user}`, { email: `${unique('z')}@example.com` })).status).toBe(
      200,
    );
    expect((await other.v1('PUT', `/users/${user}/groups/${await groupWith('zebra.feed')}`)).status).toBe(
      200,
    );
  });

  it('X76: whoever holds the whole catalogue is no admin', async () => {
    const almost = await addPerson(app, admin, permissionCatalogue);
    const path = `/roles/${ADMIN}/users/${almost.id}`;
    expectRefusal(await almost.v1('PUT', path), 403, 'permission_escalation');
  });
});
