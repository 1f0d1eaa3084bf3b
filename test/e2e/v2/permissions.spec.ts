import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { adminRole, Company, expectProblem, expectRefusal, viewOnlyRole } from './company.js';

let app: RunningApp;
let company: Company;
let user: string;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

beforeEach(async () => {
  user = await company.user({ roles: [await company.role(['role.read', 'both.read'])] });
});

afterAll(() => app.stop());

const replace = (permissions: unknown) => company.call('PUT', `/users/${user}/permissions`, { permissions });

describe('individual permissions', () => {
  const individual = async () => (await company.call('GET', `/users/${user}/permissions`)).body;

  test('are none at first', async () => {
    expect(await individual()).toEqual({ permissions: [] });
  });

  test('PUT replaces the whole set, in the order sent, and answers with it', async () => {
    for (const permissions of [['b.read', 'a.read'], ['a.read', 'b.read'], ['A.read', 'a.read'], []]) {
      const answer = await replace(permissions);
      expect([answer.status, answer.body]).toEqual([200, { permissions }]);
      expect(await individual()).toEqual({ permissions });
    }
  });

  test('said again they record no event', async () => {
    const { headers } = await replace(['a.read']);
    expect((await replace(['a.read'])).headers.get('muster-revision')).toBe(headers.get('muster-revision'));
    expect(await company.revision()).toBe(headers.get('muster-revision'));
  });

  test.each([[['a', 'a']], [['']], [[1]], [null], ['a'], [{}], [undefined]])(
    'permissions %j are 400 and change nothing',
    async (permissions) => {
      await replace(['kept.read']);
      await expectRefusal(company, () => replace(permissions), 400, 'bad_request');
      expect(await individual()).toEqual({ permissions: ['kept.read'] });
    },
  );

  test('end with the user', async () => {
    await replace(['a.read']);
    await app.v1()('DELETE', `/users/${user}`);
    expectProblem(await company.call('GET', `/users/${user}/permissions`), 404, 'user_not_found');
    expectProblem(await replace(['a.read']), 404, 'user_not_found');
  });
});

describe('effective permissions', () => {
  const effective = async (id = user, key?: string) =>
    (await company.call('GET', `/users/${id}/effective-permissions`, undefined, key)).body;

  test('name each permission once, with every role, group and individual grant it comes from', async () => {
    const [one, other] = [
      await company.group(['group.read', 'both.read']),
      await company.group(['both.read']),
    ];
    for (const group of [one, other]) await company.call('PUT', `/groups/${group}/users/${user}`, {});
    await company.call('PATCH', `/groups/${other}`, { name: 'Other' });
    await replace(['both.read', 'own.read']);
    const role = { type: 'role', id: expect.stringMatching(/^[0-9a-f]{32}$/), name: 'Role' };
    const group = { type: 'group', id: one, name: 'Group' };
    const list = (await effective()) as { permission: string }[];
    expect(list.sort((a, b) => (a.permission < b.permission ? -1 : 1))).toEqual([
      {
        permission: 'both.read',
        sources: [role, group, { type: 'group', id: other, name: 'Other' }, { type: 'individual' }],
      },
      { permission: 'group.read', sources: [group] },
      { permission: 'own.read', sources: [{ type: 'individual' }] },
      { permission: 'role.read', sources: [role] },
    ]);
  });

  test('of two roles are the union', async () => {
    const reader = await company.user({
      roles: [await company.role(['x.read']), await company.role(['x.read'])],
    });
    const list = await effective(reader);
    expect(list).toMatchObject([{ permission: 'x.read', sources: [{ type: 'role' }, { type: 'role' }] }]);
  });

  test('X76 of an Admin are `*`, by the role Admin', async () => {
    const admin = await company.user({ roles: [adminRole] });
    expect(await effective(admin)).toEqual([
      { permission: '*', sources: [{ type: 'role', id: adminRole, name: 'Admin' }] },
    ]);
  });

  test('of nobody in particular are none', async () => {
    expect(await effective(await company.user({ roles: [await company.role([])] }))).toEqual([]);
  });

  test('X62 of oneself may be seen by everybody, those of others not', async () => {
    const viewer = await company.user({ roles: [viewOnlyRole] });
    const key = await company.key(viewer);
    expect(await effective(viewer, key)).toEqual(await effective(viewer));
    expect(pick(await app.v2(key)('GET', `/users/${user}/effective-permissions`), 'code')).toBe(
      'access_denied',
    );
  });

  test('follow every change at once', async () => {
    const group = await company.group(['group.read']);
    await company.call('PUT', `/groups/${group}/users/${user}`, {});
    expect(JSON.stringify(await effective())).toContain('group.read');
    await company.call('PATCH', `/groups/${group}`, { permissions: ['other.read'] });
    expect(JSON.stringify(await effective())).not.toContain('group.read');
    expect(JSON.stringify(await effective())).toContain('other.read');
    await company.call('DELETE', `/groups/${group}/users/${user}`);
    expect(JSON.stringify(await effective())).not.toContain('other.read');
  });

  test('in a client account are those held there', async () => {
    const client = await company.client();
    const id = await company.user({ roles: [adminRole] }, client);
    const answer = await company.call('GET', `/users/${id}/effective-permissions?client_id=${client}`);
    expect(pick(answer, 0, 'permission')).toBe('*');
  });
});
