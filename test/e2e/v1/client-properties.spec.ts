import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addPerson,
  addUser,
  type Call,
  type Company,
  openCompany,
  revision,
  startService,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const stranger = await openCompany(app);

let home: Company;
let v1: Call;
let [globex, initech]: string[] = [];
beforeEach(async () => {
  home = await openCompany(app);
  v1 = home.admin.v1;
  [globex, initech] = [await addClient(v1), await addClient(v1)];
});

const path = (client = globex) => `/clients/${String(client)}/properties`;
const set = (properties: unknown, client = globex) => v1('PUT', path(client), { properties });
const remove = (name: string, client = globex) =>
  v1('DELETE', `${path(client)}?name=${encodeURIComponent(name)}`);
const ofClient = async (client = globex) => pick(await v1('GET', path(client)), 'data', 'properties');
const sentence = (answer: Answer) => String(pick(answer, 'meta', 'error_desc'));

describe('GET /clients/{id}/properties', () => {
  it('T408: answers a flat map of texts, {} when there are none', async () => {
    expect((await v1('GET', path())).body).toEqual({ ...doneWithData, data: { properties: {} } });
    await set({ region: 'Nord', tier: '3' });
    const data = { properties: { region: 'Nord', tier: '3' } };
    expect((await v1('GET', path())).body).toEqual({ ...doneWithData, data });
  });

  it('T408: the properties of users, and of the clients of others, are others', async () => {
    await set({ region: 'Nord' });
    const user = await addUser(v1);
    await v1('PUT', `/users/${user}/properties`, { properties: { team: 'Sales' } });
    const theirs = await addClient(stranger.admin.v1);
    expect(pick(await stranger.admin.v1('GET', path(theirs)), 'data', 'properties')).toEqual({});
    expect(await ofClient()).toEqual({ region: 'Nord' });
    expect((await remove('region')).status).toBe(200);
    expect(pick(await v1('GET', `/users/${user}/properties`), 'data', 'properties')).toEqual({
      team: 'Sales',
    });
    expectRefusal(await remove('team'), 404, 'property_not_found');
  });
});

describe('PUT /clients/{id}/properties', () => {
  it('T408: answers data {}; a new name is there for all clients, the value for this one', async () => {
    expect((await set({ region: 'Nord' })).body).toEqual(doneWithData);
    expect(await ofClient()).toEqual({ region: 'Nord' });
    expect(await ofClient(initech)).toEqual({ region: '' });
    expect(await ofClient(await addClient(v1))).toEqual({ region: '' });
  });

  it('T408 X72: merges: names that are not sent stay', async () => {
    await set({ region: 'Nord', tier: '3' });
    await set({ tier: '4' });
    await set({ tier: '1', desk: 'a' }, initech);
    expect(await ofClient()).toEqual({ region: 'Nord', tier: '4', desk: '' });
    expect(await ofClient(initech)).toEqual({ region: '', tier: '1', desk: 'a' });
  });

  it.each([{}, { region: 'Nord' }, { tier: '' }])('X38: %j changes nothing: no event', async (same) => {
    await set({ region: 'Nord', tier: '' });
    const answer = await expectNothingRecorded(v1, () => set(same));
    expect(answer.body).toEqual(doneWithData);
  });

  it('is recorded in the company: one event for each new name, one for the values', async () => {
    const [before, theirs] = [await revision(v1), await revision(v1, globex)];
    const answer = await set({ region: 'Nord', tier: '3' });
    const after = `${home.id}@${Number(before.split('@')[1]) + 3}`;
    expect(answer.headers.get('muster-revision')).toBe(after);
    expect((await v1('GET', path())).headers.get('muster-revision')).toBe(after);
    expect(await revision(v1, globex)).toBe(theirs);
  });

  it('a company has at most 200 names for its clients: 403 that says so, and nothing of it is set', async () => {
    const many = Array.from({ length: 200 }, (_, n) => [`p${n}`, String(n)] as const);
    expect((await set(Object.fromEntries(many))).status).toBe(200);
    const answer = await expectNothingRecorded(v1, () => set({ p0: 'changed', more: 'x' }, initech));
    expectRefusal(answer, 403, 'quota_exceeded');
    expect(sentence(answer)).toContain('at most 200 property names');
    await remove('p199');
    expect((await set({ more: 'x' }, initech)).status).toBe(200);
  });

  it.each(['__proto__', 'constructor', '0', "a'b", '%'])('%s is a name like others', async (name) => {
    const own = (value: string) => JSON.stringify(Object.fromEntries([[name, value]]));
    expect((await v1('PUT', path(), undefined, { rawBody: `{"properties":${own('x')}}` })).status).toBe(200);
    expect(JSON.stringify(await ofClient())).toBe(own('x'));
    expect(JSON.stringify(await ofClient(initech))).toBe(own(''));
    expect((await remove(name)).body).toEqual(doneWithData);
    expect(await ofClient()).toEqual({});
  });
});

describe('DELETE /clients/{id}/properties?name=', () => {
  it('T408: takes the property from all clients; values do not come back with the name', async () => {
    await set({ region: 'Nord', tier: '3' });
    await set({ region: 'Süd' }, initech);
    expect((await remove('region')).body).toEqual(doneWithData);
    expect([await ofClient(), await ofClient(initech)]).toEqual([{ tier: '3' }, { tier: '' }]);
    await set({ region: '' });
    expect([await ofClient(), await ofClient(initech)]).toEqual([
      { tier: '3', region: '' },
      { tier: '', region: '' },
    ]);
  });

  it('X82: a name that is not there, or no longer, is 404', async () => {
    await set({ Region: 'Nord' });
    for (const name of ['region', 'Nord', '__proto__', 'x'.repeat(300)])
      expectRefusal(await expectNothingRecorded(v1, () => remove(name)), 404, 'property_not_found');
    await remove('Region');
    expectRefusal(await remove('Region', initech), 404, 'property_not_found');
  });

  it.each(['', '?name=', '?name=%20', '?name=a&name=b'])(
    'without the one name is 400: "%s"',
    async (query) => {
      await set({ region: 'Nord' });
      const answer = await expectNothingRecorded(v1, () => v1('DELETE', path() + query));
      expectRefusal(answer, 400, 'bad_request');
    },
  );
});

describe('Who may', () => {
  it('X77: client.access reads, client.edit changes, without a share right', async () => {
    const [viewer, editor] = [
      await addPerson(app, home.admin, ['client.access', 'user.manage']),
      await addPerson(app, home.admin, ['client.edit']),
    ];
    expect((await editor.v1('PUT', path(), { properties: { region: 'Nord' } })).status).toBe(200);
    expect(pick(await viewer.v1('GET', path()), 'data', 'properties')).toEqual({ region: 'Nord' });
    expectRefusal(await editor.v1('GET', path()), 401, 'access_denied');
    expectRefusal(await viewer.v1('PUT', path(), { properties: {} }), 401, 'access_denied');
    expectRefusal(await viewer.v1('DELETE', `${path()}?name=region`), 401, 'access_denied');
    expect((await editor.v1('DELETE', `${path()}?name=region`)).status).toBe(200);
  });

  it('T408 X10: unknown is 404, the own company is no client, another company 401', async () => {
    const local = await addAdmin(app, home.admin, globex);
    for (const client of ['unknown', home.id]) {
      expectRefusal(await v1('GET', path(client)), 404, 'client_not_found');
      expectRefusal(await set({ a: 'b' }, client), 404, 'client_not_found');
      expectRefusal(await remove('a', client), 404, 'client_not_found');
    }
    expectRefusal(await stranger.admin.v1('GET', path()), 401, 'access_denied');
    expectRefusal(await stranger.admin.v1('PUT', path(), { properties: {} }), 401, 'access_denied');
    expectRefusal(await local.v1('GET', path()), 404, 'client_not_found');
  });
});
