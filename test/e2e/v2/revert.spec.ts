import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectRefusal } from './company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});
afterAll(() => app.stop());

const v1 = (method: string, path: string, body?: unknown) => app.v1(company.admin.key)(method, path, body);
const revisionOf = ({ headers }: Answer) => Number(/@(\d+)/.exec(headers.get('muster-revision') ?? '')?.[1]);
const revert = (revision: number, key?: string, body?: unknown) =>
  company.call('POST', `/audit/${revision}/revert`, body, key);

describe('POST /audit/{revision}/revert', () => {
  test('takes back all events of a command, as one that names what it undoes', async () => {
    const group = await company.group(['a.read']);
    const before = (await company.call('GET', `/groups/${group}`)).body;
    const facts = { name: 'Other', description: 'D', permissions: ['b.read'] };
    const last = revisionOf(await company.call('PUT', `/groups/${group}`, facts));
    const answer = await revert(last - 1);
    expect([answer.status, answer.body]).toEqual([
      200,
      { reverted: [last - 2, last - 1, last], revision: last + 3 },
    ]);
    expect((await company.call('GET', `/groups/${group}`)).body).toEqual(before);
    const { body } = await company.call('GET', `/audit/${last + 1}`);
    expect(body).toMatchObject({ caused_by: last - 1 });
  });

  test.each<[string, (user: string, group: string) => Promise<Answer>]>([
    ['a membership', (user, group) => company.call('PUT', `/groups/${group}/users/${user}`, {})],
    [
      'individual permissions',
      (user) => company.call('PUT', `/users/${user}/permissions`, { permissions: ['z.a'] }),
    ],
    [
      'a name and an address',
      (user) => v1('PUT', `/users/${user}`, { first_name: 'New', email: `new-${user}@example.com` }),
    ],
    ['a deletion of a user', (user) => v1('DELETE', `/users/${user}`)],
    ['a deletion of a group', (_, group) => company.call('DELETE', `/groups/${group}`)],
  ])('takes back %s', async (_, change) => {
    const [user, group] = [await company.user(), await company.group()];
    const seen = async () => [
      (await v1('GET', `/users/${user}?full=true`)).body,
      (await company.call('GET', `/groups/${group}`)).body,
      (await company.call('GET', `/users/${user}/permissions`)).body,
    ];
    const before = await seen();
    const from = (await company.revision())?.split('@')[1];
    await change(user, group);
    const revision = Number((await company.revision())?.split('@')[1]);
    expect((await revert(revision)).status).toBe(200);
    expect(await seen()).toEqual(before);
    const diff = await company.call('GET', `/diff?from=${from}`);
    expect([diff.status, pick(diff, 'changes')]).toEqual([200, []]);
    const again = await revert(revision);
    expect([again.status, pick(again, 'code')]).toEqual([409, 'changed_since']);
    expect(pick(again, 'because')).toEqual(expect.arrayContaining([revision + 1]));
  });

  test('takes back the deletion of a property, and of its values', async () => {
    const [one, other] = [await company.user(), await company.user()];
    await v1('PUT', `/users/${one}/properties`, { properties: { floor: '7' } });
    const value = async (user: string) =>
      pick(await v1('GET', `/users/${user}/properties`), 'data', 'properties');
    const before = await value(one);
    await v1('DELETE', `/users/${other}/properties?name=floor`);
    const revision = Number((await company.revision())?.split('@')[1]);
    expect(await value(one)).not.toEqual(before);
    expect((await revert(revision)).status).toBe(200);
    expect(await value(one)).toEqual(before);
  });

  test('a property that came with its first value goes with it, unless others have values under it', async () => {
    const [one, other] = [await company.user(), await company.user()];
    const before = (await v1('GET', `/users/${one}/properties`)).body;
    await v1('PUT', `/users/${one}/properties`, { properties: { desk: '7' } });
    const revision = Number((await company.revision())?.split('@')[1]);
    const given = revisionOf(await v1('PUT', `/users/${other}/properties`, { properties: { desk: '8' } }));
    const late = await revert(revision);
    expect([late.status, pick(late, 'code'), pick(late, 'because')]).toEqual([409, 'changed_since', [given]]);
    expect((await revert(given)).status).toBe(200);
    expect((await revert(revision)).status).toBe(200);
    expect((await v1('GET', `/users/${one}/properties`)).body).toEqual(before);
  });

  test('takes back an end of a share, of a client that is there', async () => {
    const [client, group] = [await company.client(), await company.group()];
    const shares = `/clients/${client}/share-rights`;
    await v1('PUT', shares, { groups: [{ group_id: group, can_manage: true }] });
    const before = (await v1('GET', shares)).body;
    const ended = revisionOf(await v1('DELETE', `${shares}/${group}`));
    const back = pick(await revert(ended), 'revision') as number;
    expect((await v1('GET', shares)).body).toEqual(before);
    const gone = revisionOf(await company.call('DELETE', `/groups/${group}`));
    const there = pick(await revert(gone), 'revision');
    const late = await revert(back);
    expect([late.status, pick(late, 'because')]).toEqual([409, [gone, there]]);
    const again = revisionOf(await v1('DELETE', `${shares}/${group}`));
    await v1('DELETE', `/clients/${client}`);
    await expectRefusal(company, () => revert(again), 404, 'client_not_found');
  });

  test('takes back the deletion of a role', async () => {
    const role = await company.role(['a.read']);
    const user = await company.user({ roles: [role] });
    await v1('DELETE', `/roles/${role}`);
    const revision = Number((await company.revision())?.split('@')[1]);
    expect((await revert(revision)).status).toBe(200);
    expect(JSON.stringify((await v1('GET', `/users/${user}/roles`)).body)).toContain(role);
  });

  test('is refused with what touched the same since, and with nothing else', async () => {
    const group = await company.group();
    const first = revisionOf(await company.call('PATCH', `/groups/${group}`, { name: 'One' }));
    await company.call('PATCH', `/groups/${group}`, { description: 'Another field' });
    const second = revisionOf(await company.call('PATCH', `/groups/${group}`, { name: 'Two' }));
    const third = revisionOf(await company.call('PATCH', `/groups/${group}`, { name: 'One' }));
    const late = await revert(first);
    expect([late.status, pick(late, 'code'), pick(late, 'because')]).toEqual([
      ...[409, 'changed_since', [second, third]],
    ]);
    expect((await revert(first + 1)).status).toBe(200);
  });

  test('of several at once one takes it back, and the others name it', async () => {
    const [group, user] = [await company.group(), await company.user()];
    const added = revisionOf(await company.call('PUT', `/groups/${group}/users/${user}`));
    const all = await Promise.all([1, 2, 3].map(() => revert(added)));
    const outcomes = all.map((answer) => [answer.status, pick(answer, 'because')]);
    expect(outcomes.sort()).toEqual([[200, undefined], ...[1, 2].map(() => [409, [added + 1]])]);
  });

  test('names the deletion of either side of a membership that was removed before', async () => {
    const [group, user] = [await company.group(), await company.user()];
    await company.call('PUT', `/groups/${group}/users/${user}`);
    const removed = revisionOf(await company.call('DELETE', `/groups/${group}/users/${user}`));
    const because = [
      revisionOf(await v1('DELETE', `/users/${user}`)),
      revisionOf(await company.call('DELETE', `/groups/${group}`)),
    ];
    const late = await revert(removed);
    expect([late.status, pick(late, 'code'), pick(late, 'because')]).toEqual([
      ...[409, 'changed_since', because],
    ]);
  });

  test('needs the rights of the inverse besides those of a reader', async () => {
    const group = await company.group(['x.strong']);
    const user = await company.user();
    await company.call('PUT', `/groups/${group}/users/${user}`);
    const removed = revisionOf(await company.call('DELETE', `/groups/${group}/users/${user}`));
    const [reader, manager, weak] = [
      await company.personWith('audit.read'),
      await company.personWith('user.manage'),
      await company.personWith('account.usage', 'user.manage'),
    ];
    const refused = (key: string, code: string) =>
      expectRefusal(company, () => revert(removed, key), 403, code);
    await refused(reader.key, 'access_denied');
    await refused(manager.key, 'access_denied');
    await refused(weak.key, 'permission_escalation');
    expect((await revert(removed)).status).toBe(200);
  });

  test('refuses what has no inverse, what is not there, and a bad body', async () => {
    const group = await company.group();
    const created = Number((await company.revision())?.split('@')[1]);
    await expectRefusal(company, () => revert(created), 409, 'not_revertible');
    await expectRefusal(company, () => revert(0), 409, 'not_revertible');
    await expectRefusal(company, () => revert(created + 1000), 404, 'entry_not_found');
    const unknown = () => company.call('POST', `/audit/${created}/revert?fold=command`);
    await expectRefusal(company, unknown, 400, 'bad_request');
    const path = '/audit/x/revert';
    await expectRefusal(company, () => company.call('POST', path), 404, 'entry_not_found');
    const changed = revisionOf(await company.call('PATCH', `/groups/${group}`, { name: 'One' }));
    const bad = () => revert(changed, undefined, { client_id: 5 });
    await expectRefusal(company, bad, 400, 'bad_request');
  });

  test('acts in a client account', async () => {
    const client = await company.client();
    const group = await company.group([], client);
    const query = `?client_id=${client}`;
    const changed = revisionOf(await company.call('PATCH', `/groups/${group}${query}`, { name: 'One' }));
    const answer = await revert(changed, undefined, { client_id: client });
    expect(answer.body).toEqual({ reverted: [changed], revision: changed + 1 });
    expect(pick(await company.call('GET', `/groups/${group}${query}`), 'name')).toBe('Group');
  });
});
