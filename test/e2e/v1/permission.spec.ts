import { describe, expect, it } from '@jest/globals';
import { permissionCatalogue } from '../../../src/domain/permissions.js';
import {
  addAdmin,
  addClient,
  addPerson,
  addUser,
  EDITOR,
  giveKey,
  openCompany,
  share,
  startService,
  VIEW_ONLY,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal } from './expectations.js';
import { fill, freshIds, incompleteRoutes, isWrite, nobody, routes, send, statusOf } from './routes.js';

const app = await startService();
const { admin } = await openCompany(app);

const needy = routes.flatMap(({ needs, ...route }) => (needs ? [{ ...route, needs }] : []));
const open = routes.filter(({ needs }) => !needs);
const everythingBut = (needs: string) =>
  addPerson(
    app,
    admin,
    permissionCatalogue.filter((name) => name !== needs),
  );
const without = {
  'user.manage': await everythingBut('user.manage'),
  'client.access': await everythingBut('client.access'),
  'client.build': await everythingBut('client.build'),
  'client.edit': await everythingBut('client.edit'),
  'client.delete': await everythingBut('client.delete'),
  'client.share': await everythingBut('client.share'),
};
const withNothing = await addPerson(app, admin, []);

describe('Permissions', () => {
  it.each(needy)(
    'T011 X8: $method $path needs $needs: every other permission is not enough',
    async (route) => {
      const ids = await freshIds(admin.v1, route);
      const caller = without[route.needs];
      const answer = await expectNothingRecorded(admin.v1, () => send(caller.v1, route, ids));
      expectRefusal(answer, 401, 'access_denied');
    },
  );

  it.each(incompleteRoutes)('T011: $method $path needs user.manage', async ({ method, path }) => {
    expectRefusal(await withNothing.v1(method, fill(path, nobody)), 401, 'access_denied');
  });

  it.each(needy)('T158 T248 X9: $method $path needs $needs alone, not the Admin role', async (route) => {
    const ids = await freshIds(admin.v1, route);
    const caller = await addPerson(app, admin, [route.needs]);
    expect((await send(caller.v1, route, ids)).status).toBe(statusOf(route));
  });

  it.each(open)('T053 T192 X22: $method $path is for any user of the account', async (route) => {
    const ids = await freshIds(admin.v1, route);
    expect((await send(withNothing.v1, route, ids)).status).toBe(200);
  });

  it.each([
    ['Editor', EDITOR],
    ['View-Only', VIEW_ONLY],
  ])('T153 T162 T242: the built-in role %s manages nothing', async (_, role) => {
    const caller = await giveKey(app, admin, await addUser(admin.v1, { roles: [role] }));
    const ids = await freshIds(admin.v1, { method: 'DELETE', path: '/clients/:client', isScoped: true });
    for (const route of needy.filter(isWrite))
      expectRefusal(await send(caller.v1, route, ids), 401, 'access_denied');
    expect((await caller.v1('GET', '/users')).status).toBe(200);
  });
});

describe('Client accounts from the company', () => {
  it('X55: with client_id the lists need user.manage or client.access, else 401', async () => {
    const client = await addClient(admin.v1);
    await share(admin.v1, client, true);
    const reaching = [
      await addPerson(app, admin, ['client.access']),
      await addPerson(app, admin, ['user.manage']),
    ];
    const others = permissionCatalogue.filter((name) => !['client.access', 'user.manage'].includes(name));
    const distant = await addPerson(app, admin, others);
    for (const path of [`/users?client_id=${client}`, `/groups?client_id=${client}`]) {
      for (const caller of reaching) expect((await caller.v1('GET', path)).status).toBe(200);
      expectRefusal(await distant.v1('GET', path), 401, 'access_denied');
    }
  });

  it('X55: client.access is not enough for what needs user.manage', async () => {
    const client = await addClient(admin.v1);
    await share(admin.v1, client, true);
    const caller = await addPerson(app, admin, ['client.access']);
    expectRefusal(await caller.v1('POST', '/groups', { name: 'G', client_id: client }), 401, 'access_denied');
    expectRefusal(await caller.v1('GET', `/roles?client_id=${client}`), 401, 'access_denied');
  });

  it("X55 T012: a client's own users manage it, and nothing of the company", async () => {
    const client = await addClient(admin.v1);
    const local = await addAdmin(app, admin, client);
    const user = await addUser(admin.v1);
    expect((await local.v1('POST', '/groups', { name: 'G' })).status).toBe(201);
    expect((await local.v1('GET', `/users/${local.id}?client_id=${client}`)).status).toBe(200);
    expectRefusal(await local.v1('GET', `/users/${user}`), 401, 'access_denied');
    expectRefusal(await local.v1('GET', `/users/${admin.id}`), 401, 'access_denied');
  });
});
