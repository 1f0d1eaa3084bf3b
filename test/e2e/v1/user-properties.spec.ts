import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addClient,
  addPerson,
  addUser,
  type Call,
  openCompany,
  revision,
  startService,
  within,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal, rows } from './expectations.js';

const app = await startService();
const stranger = await openCompany(app);

let v1: Call;
let [jane, john]: string[] = [];
beforeEach(async () => {
  ({ v1 } = (await openCompany(app)).admin);
  [jane, john] = [await addUser(v1), await addUser(v1)];
});

const path = (user = jane) => `/users/${String(user)}/properties`;
const set = (properties: unknown, user = jane) => v1('PUT', path(user), { properties });
const remove = (name: string, user = jane) => v1('DELETE', `${path(user)}?name=${encodeURIComponent(name)}`);
const ofUser = async (user = jane) => pick(await v1('GET', path(user)), 'data', 'properties');
/** The text says more than an object, which may hide a __proto__. */
const textOf = async (user = jane) => JSON.stringify(await ofUser(user));
const sentence = (answer: Answer) => String(pick(answer, 'meta', 'error_desc'));

describe('GET /users/{id}/properties', () => {
  it('T404: answers a flat map of texts, {} when there are none', async () => {
    expect((await v1('GET', path())).body).toEqual({ ...doneWithData, data: { properties: {} } });
    await set({ team: 'Sales', floor: '3' });
    const data = { properties: { team: 'Sales', floor: '3' } };
    expect((await v1('GET', path())).body).toEqual({ ...doneWithData, data });
  });

  it('T404 T031: an account knows nothing of the properties of another', async () => {
    await set({ team: 'Sales' });
    const client = await addClient(v1);
    const theirs = await addUser(v1, {}, client);
    const inClient = () => v1('GET', path(theirs) + within(client));
    expect(pick(await inClient(), 'data', 'properties')).toEqual({});
    await v1('PUT', path(theirs), { properties: { team: 'Stock' }, client_id: client });
    expect(pick(await inClient(), 'data', 'properties')).toEqual({ team: 'Stock' });
    expect(await ofUser()).toEqual({ team: 'Sales' });
    expect((await v1('DELETE', `${path(theirs)}?name=team&client_id=${client}`)).status).toBe(200);
    expect(await ofUser()).toEqual({ team: 'Sales' });
  });
});

describe('PUT /users/{id}/properties', () => {
  it('T404: answers data {}; a new name is there for all users, the value for this one', async () => {
    expect((await set({ team: 'Sales' })).body).toEqual(doneWithData);
    expect(await ofUser()).toEqual({ team: 'Sales' });
    expect(await ofUser(john)).toEqual({ team: '' });
    expect(await ofUser(await addUser(v1))).toEqual({ team: '' });
  });

  it('T404 X72: merges: names that are not sent stay', async () => {
    await set({ team: 'Sales', floor: '3' });
    await set({ floor: '4' });
    await set({ floor: '1', desk: 'a' }, john);
    expect(await ofUser()).toEqual({ team: 'Sales', floor: '4', desk: '' });
    expect(await ofUser(john)).toEqual({ team: '', floor: '1', desk: 'a' });
  });

  it('an empty text takes the value away, not the name', async () => {
    await set({ team: 'Sales' });
    await set({ team: '' });
    expect(await ofUser()).toEqual({ team: '' });
  });

  it.each([{}, { team: 'Sales' }, { floor: '' }])('X38: %j changes nothing: 200, no event', async (same) => {
    await set({ team: 'Sales', floor: '' });
    const answer = await expectNothingRecorded(v1, () => set(same));
    expect(answer.body).toEqual(doneWithData);
  });

  it('says at which revision: one event for each new name, one for the values', async () => {
    const before = Number((await revision(v1)).split('@')[1]);
    const answer = await set({ team: 'Sales', floor: '3' });
    expect(answer.headers.get('muster-revision')).toMatch(new RegExp(`@${before + 3}$`));
  });

  it.each([5, 1.5, true, false, null, ['x'], { a: 'x' }])(
    'a value %j is 400 with a sentence',
    async (value) => {
      const answer = await expectNothingRecorded(v1, () => set({ fine: 'x', wrong: value }));
      expectRefusal(answer, 400, 'bad_request');
      expect(sentence(answer)).toMatch(/^properties must be an object of texts/);
    },
  );

  it('values have up to 4,000 characters, names up to 255, and lines only in values', async () => {
    const long = { ['n'.repeat(255)]: 'x'.repeat(4000), lines: 'a\n\tb', 'Zoë 語 😀': '' };
    expect((await set(long)).status).toBe(200);
    expect(await ofUser()).toEqual(long);
  });

  it('an account has at most 200 names: 403 that says so, and nothing of it is set', async () => {
    const many = Array.from({ length: 200 }, (_, n) => [`p${n}`, String(n)] as const);
    expect((await set(Object.fromEntries(many))).status).toBe(200);
    const answer = await expectNothingRecorded(v1, () => set({ p0: 'changed', more: 'x' }, john));
    expectRefusal(answer, 403, 'quota_exceeded');
    expect(sentence(answer)).toContain('at most 200 property names');
    expect((await set({ p0: 'changed' }, john)).status).toBe(200);
    await remove('p199');
    expect((await set({ more: 'x' }, john)).status).toBe(200);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', "a'b", '%', 'Team'])(
    '%s is a name like others',
    async (name) => {
      const own = (value: string) => JSON.stringify(Object.fromEntries([[name, value]]));
      const rawBody = `{"properties":${own('x')}}`;
      expect((await v1('PUT', path(), undefined, { rawBody })).status).toBe(200);
      expect(await textOf()).toBe(own('x'));
      expect(await textOf(john)).toBe(own(''));
      const full = await v1('GET', `/users/${String(jane)}?full=true`);
      expect(JSON.stringify(pick(full, 'data', 'properties'))).toBe(own('x'));
      expectRefusal(await remove(`${name}x`), 404, 'property_not_found');
      expect((await remove(name)).body).toEqual(doneWithData);
      expect(await textOf()).toBe('{}');
      expect(Reflect.get({}, 'x')).toBeUndefined();
    },
  );
});

describe('DELETE /users/{id}/properties?name=', () => {
  it('T404: takes the property from all users', async () => {
    await set({ team: 'Sales', floor: '3' });
    await set({ team: 'Stock' }, john);
    expect((await remove('team')).body).toEqual(doneWithData);
    expect(await ofUser()).toEqual({ floor: '3' });
    expect(await ofUser(john)).toEqual({ floor: '' });
  });

  it('T404: values do not come back with the name', async () => {
    await set({ team: 'Sales' });
    await set({ team: 'Stock' }, john);
    await remove('team', john);
    await set({ team: '' }, john);
    expect(await ofUser()).toEqual({ team: '' });
    expect(await ofUser(john)).toEqual({ team: '' });
    await set({ team: 'New' });
    expect([await ofUser(), await ofUser(john)]).toEqual([{ team: 'New' }, { team: '' }]);
  });

  it.each(['team', 'Sales', 'TEAM', 'x'.repeat(300), '__proto__', 'toString', 'a\nb'])(
    'X82: a name that is not there is 404: %j',
    async (name) => {
      await set({ Team: 'Sales' });
      const answer = await expectNothingRecorded(v1, () => remove(name));
      expectRefusal(answer, 404, 'property_not_found');
    },
  );

  it('X82: deleting twice: the second is 404', async () => {
    await set({ team: 'Sales' });
    await remove('team');
    expectRefusal(await remove('team', john), 404, 'property_not_found');
  });

  it.each(['', '?name=', '?name=%20', '?name=a&name=b', '?Name=team', '?name[]=team'])(
    'T404: without the one name is 400: "%s"',
    async (query) => {
      await set({ team: 'Sales' });
      const answer = await expectNothingRecorded(v1, () => v1('DELETE', path() + query));
      expectRefusal(answer, 400, 'bad_request');
      expect(sentence(answer)).toBe('name must be the name of a property, given once');
    },
  );
});

describe('Properties in the answers about users', () => {
  it('T202 T404: GET /users/{id}?full=true has them', async () => {
    await set({ team: 'Sales' });
    const shown = async (user = jane) =>
      pick(await v1('GET', `/users/${String(user)}?full=true`), 'data', 'properties');
    expect([await shown(), await shown(john)]).toEqual([{ team: 'Sales' }, { team: '' }]);
  });

  it('T185 T404: a row of the list has them with external_id and full=true', async () => {
    const user = await addUser(v1, { external_id: 'hr-404' });
    await set({ team: 'Sales' }, user);
    const [row] = rows(await v1('GET', '/users?external_id=hr-404&full=true'), 'users');
    expect(row).toMatchObject({ id: user, tab_instances: [], properties: { team: 'Sales' } });
  });

  it('T407: GET /profile?full=true has them', async () => {
    const { admin } = await openCompany(app);
    await admin.v1('PUT', `/users/${admin.id}/properties`, { properties: { team: 'Sales' } });
    const profile = await admin.v1('GET', '/profile?full=true');
    expect(pick(profile, 'data', 'properties')).toEqual({ team: 'Sales' });
  });

  it('X37: PUT /users/{id} does not set them', async () => {
    await set({ team: 'Sales' });
    const body = { properties: { team: 'x', more: 'y' }, tab_instances: ['z'] };
    await expectNothingRecorded(v1, () => v1('PUT', `/users/${String(jane)}`, body));
    expect(await ofUser()).toEqual({ team: 'Sales' });
  });
});

describe('Section 3: of two faults the first is answered', () => {
  it('the input before the user, the user before the name, the user before the number of names', async () => {
    const foreign = await addUser(stranger.admin.v1);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`p${n}`, 'x']));
    expectRefusal(await v1('DELETE', path('nobody')), 400, 'bad_request');
    expectRefusal(await remove('team', 'nobody'), 404, 'user_not_found');
    expectRefusal(await remove('team', foreign), 401, 'access_denied');
    expectRefusal(await set({ a: 5 }, 'nobody'), 400, 'bad_request');
    expectRefusal(await set(many, 'nobody'), 404, 'user_not_found');
    expectRefusal(await set(many, foreign), 401, 'access_denied');
    expectRefusal(await set(many), 403, 'quota_exceeded');
  });

  it('T011 X66: the permission before all of them', async () => {
    const { admin } = await openCompany(app);
    const viewer = await addPerson(app, admin, ['user.view']);
    for (const [method, query] of [['GET'], ['PUT'], ['DELETE', '?name=x'], ['DELETE']] as const)
      expectRefusal(await viewer.v1(method, path(viewer.id) + (query ?? '')), 401, 'access_denied');
  });
});

it('T250: the values of a deleted user are gone, the names stay', async () => {
  await set({ team: 'Sales' }, john);
  await v1('DELETE', `/users/${String(john)}`);
  expectRefusal(await v1('GET', path(john)), 404, 'user_not_found');
  expectRefusal(await set({ team: 'x' }, john), 404, 'user_not_found');
  expect(await ofUser()).toEqual({ team: '' });
});
