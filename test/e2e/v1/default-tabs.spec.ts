import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addClient, addGroup, addPerson, openCompany, startService, within } from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, ids, rows } from './expectations.js';

const app = await startService();
const home = await openCompany(app);
const v1 = home.admin.v1;
const visitor = await addPerson(app, home.admin, ['user.view', 'group.view']);

const path = (group: string) => `/groups/${group}/default-tabs`;
const tabsOf = async (group: string, query = '') =>
  rows(await v1('GET', path(group) + query), 'default_tabs').map(({ tab_id }) => tab_id);

describe('POST /groups/{id}/default-tabs', () => {
  it.each<[object, string[]]>([
    [{ tab_ids: ['b', 'a'] }, ['b', 'a']],
    [{ tab_id: 'a' }, ['a']],
    [{ tab_ids: ['b'], tab_id: 'a' }, ['b', 'a']],
    [{ tab_ids: ['a', 'a', 'A'], tab_id: 'a' }, ['a', 'A']],
    [{ tab_id: 'x'.repeat(255) }, ['x'.repeat(255)]],
    [{ tab_id: "../O'Neill?a=b&c #語%00" }, ["../O'Neill?a=b&c #語%00"]],
  ])('T405: %j adds them', async (body, added) => {
    const group = await addGroup(v1);
    const answer = await v1('POST', path(group), body);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 201,
      body: { meta: { status: 201, success: true, location: path(group) } },
    });
    expect(await tabsOf(group)).toEqual(added);
  });

  it('T405: new ones come behind those that are there, which stay where they are', async () => {
    const group = await addGroup(v1);
    await v1('POST', path(group), { tab_ids: ['b', 'a'] });
    await v1('POST', path(group), { tab_ids: ['c', 'b'] });
    expect(await tabsOf(group)).toEqual(['b', 'a', 'c']);
    const again = () => v1('POST', path(group), { tab_ids: ['a', 'b'], tab_id: 'c' });
    expect((await expectNothingRecorded(v1, again)).status).toBe(201);
  });

  it('T405: what is added at the same time is there once', async () => {
    const group = await addGroup(v1);
    const tabs = Array.from({ length: 8 }, (_, n) => `tab-${n}`);
    await Promise.all(tabs.map((tab_id) => v1('POST', path(group), { tab_ids: ['same', tab_id] })));
    expect((await tabsOf(group)).toSorted()).toEqual(['same', ...tabs]);
  });

  it('T405 X77: All Users may have some', async () => {
    const [group] = ids(await v1('GET', '/groups'), 'groups');
    expect((await v1('POST', path(String(group)), { tab_id: 'welcome' })).status).toBe(201);
    expect(await tabsOf(String(group))).toEqual(['welcome']);
  });

  it('T405: a group has a thousand at most', async () => {
    const group = await addGroup(v1);
    const tab_ids = Array.from({ length: 1000 }, (_, n) => `tab-${n}`);
    expect((await v1('POST', path(group), { tab_ids })).status).toBe(201);
    const more = () => v1('POST', path(group), { tab_ids: ['tab-1', 'one-more'] });
    expectRefusal(await expectNothingRecorded(v1, more), 403, 'default_tab_limit');
  });

  it('T405: works inside a client', async () => {
    const client = await addClient(v1);
    const group = await addGroup(v1, {}, client);
    await v1('POST', path(group), { tab_id: 'a', client_id: client });
    expect(await tabsOf(group, within(client))).toEqual(['a']);
  });

  it.each([
    ...[undefined, {}, { tab_ids: [] }, { tab_ids: null }, { tab_ids: 'a' }, { tab_ids: ['a', 5] }],
    ...[{ tab_ids: ['a', ' '] }, { tab_ids: ['a\n'] }, { tab_id: 5 }, { tab_id: '' }, { tab_id: null }],
    ...[{ tab_id: 'x'.repeat(256) }, { tab_ids: ['a'], tab_id: '' }, { tabs: ['a'] }],
  ])('T405: %j is 400', async (body) => {
    const group = await addGroup(v1);
    const answer = await expectNothingRecorded(v1, () => v1('POST', path(group), body));
    expectRefusal(answer, 400, 'bad_request');
    expect(await tabsOf(group)).toEqual([]);
  });

  it('T405: needs user.manage, an unknown group is 404', async () => {
    const post = async (by: typeof v1, group: string) => by('POST', path(group), { tab_id: 'a' });
    const group = await addGroup(v1);
    const denied = await expectNothingRecorded(v1, () => post(visitor.v1, group));
    expectRefusal(denied, 401, 'access_denied');
    expectRefusal(await post(v1, 'nothing'), 404, 'group_not_found');
  });
});

describe('GET /groups/{id}/default-tabs', () => {
  it('T405: rows are tab_id alone, with count and total', async () => {
    const group = await addGroup(v1);
    await v1('POST', path(group), { tab_ids: ['a', 'b'] });
    expect((await v1('GET', path(group))).body).toEqual({
      meta: { ...done.meta, count: 2, total: 2 },
      data: { default_tabs: [{ tab_id: 'a' }, { tab_id: 'b' }] },
    });
  });

  it('T405 X41: has limit and offset; a group without any has []', async () => {
    const group = await addGroup(v1);
    expect((await v1('GET', path(group))).body).toEqual({
      meta: { ...done.meta, count: 0, total: 0 },
      data: { default_tabs: [] },
    });
    await v1('POST', path(group), { tab_ids: ['a', 'b', 'c'] });
    const page = await v1('GET', `${path(group)}?limit=1&offset=1`);
    expect(rows(page, 'default_tabs')).toEqual([{ tab_id: 'b' }]);
    expect(pick(page, 'meta')).toEqual({ ...done.meta, count: 1, total: 3 });
  });

  it('T405: end with the group', async () => {
    const group = await addGroup(v1);
    await v1('POST', path(group), { tab_id: 'a' });
    await v1('DELETE', `/groups/${group}`);
    expectRefusal(await v1('GET', path(group)), 404, 'group_not_found');
    expectRefusal(await v1('GET', `${path(group)}/a`), 404, 'group_not_found');
  });

  it('T405: needs user.manage, an unknown group is 404', async () => {
    expectRefusal(await visitor.v1('GET', path(await addGroup(v1))), 401, 'access_denied');
    expectRefusal(await v1('GET', path('nothing')), 404, 'group_not_found');
  });
});

describe('GET /groups/{id}/default-tabs/{tabId}', () => {
  it('T405: data is the tab, whatever its id is', async () => {
    const group = await addGroup(v1);
    for (const tab_id of ['a', 'A b', 'a/b?c', '語']) {
      await v1('POST', path(group), { tab_id });
      const answer = await v1('GET', `${path(group)}/${encodeURIComponent(tab_id)}`);
      expect(answer.body).toEqual({ ...done, data: { tab_id } });
    }
  });

  it('T405: one that the group does not have is 404, a blank one 400', async () => {
    const [group, other] = [await addGroup(v1), await addGroup(v1)];
    await v1('POST', path(other), { tab_id: 'a' });
    for (const tab of ['a', 'x', 'x'.repeat(1000)])
      expectRefusal(await v1('GET', `${path(group)}/${tab}`), 404, 'default_tab_not_found');
    expectRefusal(await v1('GET', `${path(group)}/%20`), 400, 'missing_id');
  });

  it('T405: needs user.manage, an unknown group is 404', async () => {
    const group = await addGroup(v1);
    await v1('POST', path(group), { tab_id: 'a' });
    expectRefusal(await visitor.v1('GET', `${path(group)}/a`), 401, 'access_denied');
    expectRefusal(await v1('GET', `${path('nothing')}/a`), 404, 'group_not_found');
  });
});
