import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addGroup,
  addPerson,
  addUser,
  EDITOR,
  openCompany,
  startService,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { expectRefusal } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const names = { first_name: 'Jane', last_name: 'Doe' };

async function detail(user: string, query = ''): Promise<unknown> {
  return pick(await v1('GET', `/users/${user}${query}`), 'data');
}

describe('GET /users/{id}', () => {
  it('T200 T203 T207 X27 X35: data is the user itself', async () => {
    const id = await addUser(v1, { ...names, email: 'Jane@Example.com' });
    expect((await v1('GET', `/users/${id}`)).body).toEqual({
      meta: { status: 200, success: true },
      data: {
        ...{ id, company: home.name, ...names, email: 'Jane@Example.com', date_last_login: null },
        ...{ date_created: expect.stringMatching(time), is_locked_out: false },
      },
    });
  });

  it("T200 X27: company is the client's name for a client's user", async () => {
    const client = await addClient(v1, { name: 'Hello' });
    const user = await addUser(v1, {}, client);
    expect(await detail(user, within(client))).toMatchObject({ company: 'Hello' });
  });

  it('T014 T208: date_created is the moment of creation in UTC, to the second', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const user = await addUser(v1);
    const { date_created } = (await detail(user)) as { date_created: string };
    expect(date_created).toMatch(time);
    expect(Date.parse(date_created)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(date_created)).toBeLessThanOrEqual(Date.now());
  });

  it('T208: date_created does not follow a change', async () => {
    const user = await addUser(v1);
    const { date_created } = (await detail(user)) as { date_created: string };
    await v1('PUT', `/users/${user}`, { first_name: 'Janet', date_created: '2001-01-01T00:00:00Z' });
    expect(await detail(user)).toMatchObject({ first_name: 'Janet', date_created });
  });

  it('T201: external_id is shown only when there is one', async () => {
    expect(await detail(await addUser(v1, { external_id: 'T201' }))).toHaveProperty('external_id', 'T201');
    expect(await detail(await addUser(v1))).not.toHaveProperty('external_id');
  });

  it('T202 T204 X18 X52: full=true adds the four associations, without external_id', async () => {
    const user = await addUser(v1, { roles: [EDITOR, VIEW_ONLY] });
    const group = await addGroup(v1, { name: 'Trial Users' });
    await v1('PUT', `/users/${user}/groups/${group}`);
    const all: unknown = { id: expect.any(String), name: 'All Users' };
    expect(await detail(user, '?full=true')).toEqual({
      ...((await detail(user)) as object),
      ...{ tab_instances: [], properties: {}, roles: [EDITOR, VIEW_ONLY] },
      groups: [all, { id: group, name: 'Trial Users' }],
    });
  });

  it.each(['', '?full=false'])('T203: "%s" shows none of the four', async (query) => {
    const shown = Object.keys((await detail(await addUser(v1), query)) as object);
    expect(shown).toContain('email');
    for (const name of ['tab_instances', 'groups', 'roles', 'properties']) expect(shown).not.toContain(name);
  });

  it('T205: needs user.manage, also for oneself', async () => {
    const viewer = await addPerson(app, home.admin, ['user.view']);
    expectRefusal(await viewer.v1('GET', `/users/${home.admin.id}`), 401, 'access_denied');
    expectRefusal(await viewer.v1('GET', `/users/${viewer.id}`), 401, 'access_denied');
  });

  it('T206: an unknown id is 404', async () => {
    expectRefusal(await v1('GET', '/users/0123456789abcdef'), 404, 'user_not_found');
  });
});
