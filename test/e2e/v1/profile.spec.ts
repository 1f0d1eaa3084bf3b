import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addAdmin, addClient, addGroup, addPerson, openCompany, startService } from '../../support/people.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

describe('GET /profile', () => {
  it('T407 X27: is the user behind the credential; company is an object', async () => {
    const jane = await addPerson(app, home.admin, []);
    const shown = pick(await v1('GET', `/users/${jane.id}`), 'data') as object;
    expect((await jane.v1('GET', '/profile')).body).toEqual({
      meta: { status: 200, success: true },
      data: { ...shown, company: { id: home.id, name: home.name } },
    });
  });

  it('T407: full=true adds tab instances, properties, permissions and groups with their type', async () => {
    const jane = await addPerson(app, home.admin, ['tab.edit', 'klip.edit']);
    const group = await addGroup(v1, { name: 'Managers' });
    await v1('PUT', `/users/${jane.id}/groups/${group}`);
    const plain = pick(await jane.v1('GET', '/profile'), 'data') as object;
    const { groups, ...rest } = pick(await jane.v1('GET', '/profile?full=true'), 'data') as {
      groups: { id: string; name: string; type: number }[];
    };
    const permissions = ['tab.edit', 'klip.edit'];
    expect(rest).toEqual({ ...plain, tab_instances: [], properties: {}, permissions });
    expect(groups.map(({ name }) => name)).toEqual(['All Users', 'Managers']);
    expect(groups.map(({ type }) => type === 10)).toEqual([true, false]);
    expect(groups[1]?.id).toBe(group);
  });

  it('T407: permissions are those of roles, groups and the user, each once', async () => {
    const jane = await addPerson(app, home.admin, ['tab.edit', 'klip.edit']);
    const answer = await home.admin.v2('POST', '/groups', {
      name: 'G',
      permissions: ['klip.edit', 'tab.view'],
    });
    await v1('PUT', `/users/${jane.id}/groups/${String(pick(answer, 'id'))}`);
    await home.admin.v2('PUT', `/users/${jane.id}/permissions`, { permissions: ['tab.view', 'own.thing'] });
    const held = pick(await jane.v1('GET', '/profile?full=true'), 'data', 'permissions') as string[];
    expect(held.toSorted()).toEqual(['klip.edit', 'own.thing', 'tab.edit', 'tab.view']);
  });

  it('T407: an admin holds *', async () => {
    const { body } = await v1('GET', '/profile?full=true');
    expect(body).toMatchObject({ data: { permissions: expect.arrayContaining(['*']) as unknown } });
  });

  it("T407: of a client's user the company is the client", async () => {
    const client = await addClient(v1, { name: 'Hello' });
    const local = await addAdmin(app, home.admin, client);
    const answer = await local.v1('GET', '/profile');
    expect(pick(answer, 'data')).toMatchObject({ id: local.id, company: { id: client, name: 'Hello' } });
  });
});
