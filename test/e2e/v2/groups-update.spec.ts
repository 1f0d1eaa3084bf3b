import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

describe.each([
  ['T312 PUT', 'PUT'],
  ['T313 X46 PATCH', 'PATCH'],
])('%s', (_, method) => {
  let path: string;

  beforeEach(async () => {
    path = `/groups/${await company.group(['a.read', 'b.read'])}`;
    await company.call('PUT', path, { description: 'About', external_id: path });
  });

  const update = (body: unknown) => company.call(method, path, body);

  test('answers 200 with the updated object', async () => {
    const facts = { name: 'New', permissions: ['c.read'], description: 'Else', external_id: `${path}-new` };
    const answer = await update(facts);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(facts);
    expect((await company.call('GET', path)).body).toEqual(answer.body);
  });

  test('leaves what is absent as it is', async () => {
    const before = (await company.call('GET', path)).body as object;
    expect((await update({ name: 'Renamed' })).body).toEqual({ ...before, name: 'Renamed' });
    const [permissions, description] = [['c.read'], 'Other'];
    expect((await update({ permissions })).body).toEqual({ ...before, name: 'Renamed', permissions });
    expect((await update({ description })).body).toMatchObject({ permissions, description });
    expect((await update({ external_id: null })).body).toMatchObject({ description, external_id: null });
  });

  test('T314 replaces the whole set of permissions, in the order sent', async () => {
    expect(pick(await update({ permissions: ['c.read', 'a.read'] }), 'permissions')).toEqual([
      'c.read',
      'a.read',
    ]);
    expect(pick(await update({ permissions: ['a.read', 'c.read'] }), 'permissions')).toEqual([
      'a.read',
      'c.read',
    ]);
  });

  test('T314 clears the permissions with an empty list', async () => {
    expect(pick(await update({ permissions: [] }), 'permissions')).toEqual([]);
  });

  test('T315 X43 refuses duplicates and changes nothing, not even the name', async () => {
    const before = (await company.call('GET', path)).body;
    const body = { name: 'New', permissions: ['c.read', 'c.read'] };
    await expectRefusal(company, () => update(body), 400, 'bad_request');
    expect((await company.call('GET', path)).body).toEqual(before);
  });

  test('T309 takes permissions that differ by case only', async () => {
    const permissions = ['a.read', 'A.read'];
    expect(pick(await update({ permissions }), 'permissions')).toEqual(permissions);
  });

  test.each([{}, { name: 'Group' }, { permissions: ['a.read', 'b.read'] }, { built_in: true, id: 'x' }])(
    'T316 with %j changes nothing and records no event',
    async (body) => {
      const before = await company.call('GET', path);
      const answer = await update(body);
      expect([answer.status, answer.body]).toEqual([200, before.body]);
      expect(answer.headers.get('muster-revision')).toBe(before.headers.get('muster-revision'));
      expect(await company.revision()).toBe(before.headers.get('muster-revision'));
    },
  );

  test('T316 without any body changes nothing', async () => {
    const before = await company.call('GET', path);
    const answer = await update(undefined);
    expect([answer.status, answer.body]).toEqual([200, before.body]);
    expect(await company.revision()).toBe(before.headers.get('muster-revision'));
  });

  test('T323 refuses a built-in group', async () => {
    const builtIn = `/groups/${await company.allUsersGroup()}`;
    for (const body of [{ name: 'Mine' }, { permissions: ['a.read'] }, {}])
      await expectRefusal(company, () => company.call(method, builtIn, body), 403, 'built_in_group');
  });

  test('X70 refuses an external_id that another group has', async () => {
    const other = await company.group();
    await company.call('PUT', `/groups/${other}`, { external_id: `taken-${other}` });
    const body = { name: 'New', external_id: `taken-${other}` };
    await expectRefusal(company, () => update(body), 409, 'external_id_in_use');
    expectProblem(await update({ external_id: 17 }), 400, 'bad_request');
  });
});
