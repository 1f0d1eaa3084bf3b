import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addClient,
  addPerson,
  addUser,
  type Company,
  openCompany,
  startService,
  within,
} from '../../support/people.js';
import { doneWithData, expectNothingRecorded, expectRefusal, ids, rows } from './expectations.js';

const app = await startService();
const stranger = await openCompany(app);

let home: Company;
let jane: string;
beforeEach(async () => {
  home = await openCompany(app);
  jane = await addUser(home.admin.v1);
});

const path = (user = jane) => `/users/${user}/tab-instances`;
const v1 = (...request: Parameters<Company['admin']['v1']>) => home.admin.v1(...request);
const add = (tab_ids: unknown, user = jane) => v1('PUT', path(user), { tab_ids });
const tabsOf = (answer: Answer) => rows(answer, 'tab_instances').map(({ tab_id }) => tab_id);
const list = (user = jane, query = '') => v1('GET', path(user) + query);
/** The id of the instance of a tab. */
const instanceOf = async (tab: string, user = jane) =>
  String(rows(await list(user), 'tab_instances').find(({ tab_id }) => tab_id === tab)?.['id']);

describe('GET /users/{id}/tab-instances', () => {
  it('T404: none at first', async () => {
    expect((await list()).body).toEqual({
      meta: { ...doneWithData.meta, count: 0, total: 0 },
      data: { tab_instances: [] },
    });
  });

  it('T404: rows are id, tab_id, name and context; the id is ours', async () => {
    await add(['sales']);
    const id: unknown = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect((await list()).body).toEqual({
      meta: { ...doneWithData.meta, count: 1, total: 1 },
      data: { tab_instances: [{ id, tab_id: 'sales', name: '', context: {} }] },
    });
  });

  it('X41: has limit and offset, count and total, in the order of adding', async () => {
    await add(['c', 'a']);
    await add(['b', '0']);
    const page = await list(jane, '?limit=2&offset=1');
    expect(tabsOf(page)).toEqual(['a', 'b']);
    expect(pick(page, 'meta')).toMatchObject({ count: 2, total: 4 });
  });
});

describe('PUT /users/{id}/tab-instances', () => {
  it('answers those that were added, as the list shows them', async () => {
    const answer = await add(['sales', 'stock']);
    expect({ status: answer.status, meta: pick(answer, 'meta') }).toEqual({
      status: 200,
      ...doneWithData,
      data: undefined,
    });
    expect(rows(answer, 'tab_instances')).toEqual(rows(await list(), 'tab_instances'));
  });

  it('a tab the user has is not added again, and not answered', async () => {
    await add(['sales']);
    const before = await instanceOf('sales');
    expect(tabsOf(await add(['stock', 'sales']))).toEqual(['stock']);
    expect(await instanceOf('sales')).toBe(before);
  });

  it('X38: said again it changes nothing: 200, none added, no event', async () => {
    await add(['sales', 'stock']);
    for (const again of [['sales', 'stock'], ['stock'], []]) {
      const answer = await expectNothingRecorded(home.admin.v1, () => add(again));
      expect(answer.body).toEqual({ ...doneWithData, data: { tab_instances: [] } });
    }
  });

  it('a tab that is named twice counts once', async () => {
    expect(tabsOf(await add(['sales', 'sales', 'stock', 'sales']))).toEqual(['sales', 'stock']);
  });

  it('tabs are texts of the caller, taken as they are', async () => {
    const tabs = ['__proto__', 'constructor', ' a ', 'Zoë 語 😀', 'x'.repeat(255), 'A', 'a', '0'];
    expect(tabsOf(await add(tabs))).toEqual(tabs);
    expect(tabsOf(await list())).toEqual(tabs);
  });

  it('two users have instances of their own of one tab', async () => {
    const john = await addUser(home.admin.v1);
    await add(['sales']);
    expect(tabsOf(await add(['sales'], john))).toEqual(['sales']);
    expect(await instanceOf('sales', john)).not.toBe(await instanceOf('sales'));
  });

  it('a user has at most 1,000: 403 that says so, and none of them is added', async () => {
    const many = Array.from({ length: 999 }, (_, n) => `tab-${n}`);
    expect(tabsOf(await add(many))).toHaveLength(999);
    const answer = await expectNothingRecorded(home.admin.v1, () => add(['a', 'b']));
    expectRefusal(answer, 403, 'quota_exceeded');
    expect(pick(answer, 'meta', 'error_desc')).toContain('at most 1,000 tab instances');
    expect(tabsOf(await add([...many, 'a']))).toEqual(['a']);
  });

  it.each([
    {},
    { tab_ids: null },
    { tab_ids: 'x' },
    { tab_ids: [5] },
    { tab_ids: [''] },
    { tab_ids: ['a\nb'] },
  ])('a bad body is 400: %j', async (body) => {
    const answer = await expectNothingRecorded(home.admin.v1, () => v1('PUT', path(), body));
    expectRefusal(answer, 400, 'bad_request');
    expect(pick(answer, 'meta', 'error_desc')).toMatch(/^tab_ids must be a list/);
  });
});

describe('DELETE /users/{id}/tab-instances/{tiid}', () => {
  it('takes the instance and no other; the tab can be added again as another one', async () => {
    await add(['sales', 'stock']);
    const id = await instanceOf('sales');
    expect((await v1('DELETE', `${path()}/${id}`)).body).toEqual(doneWithData);
    expect(tabsOf(await list())).toEqual(['stock']);
    expect(ids(await add(['sales']), 'tab_instances')).not.toContain(id);
    expect(tabsOf(await list())).toEqual(['stock', 'sales']);
  });

  it('one that is not there, was removed, or is of another user is 404', async () => {
    const john = await addUser(home.admin.v1);
    await add(['sales']);
    await add(['sales'], john);
    const gone = await instanceOf('sales');
    await v1('DELETE', `${path()}/${gone}`);
    for (const id of ['nothing', 'sales', gone, await instanceOf('sales', john), jane]) {
      const answer = await expectNothingRecorded(home.admin.v1, () => v1('DELETE', `${path()}/${id}`));
      expectRefusal(answer, 404, 'tab_instance_not_found');
    }
    expect(tabsOf(await list(john))).toEqual(['sales']);
  });

  it("X10 T034: another company's is 401, a client's without client_id 404", async () => {
    const theirs = await addUser(stranger.admin.v1);
    const added = await stranger.admin.v1('PUT', path(theirs), { tab_ids: ['sales'] });
    const foreign = String(ids(added, 'tab_instances')[0]);
    expectRefusal(await v1('DELETE', `${path()}/${foreign}`), 401, 'access_denied');
    const client = await addClient(home.admin.v1);
    const local = await addUser(home.admin.v1, {}, client);
    const own = await v1('PUT', path(local) + within(client), { tab_ids: ['sales'] });
    const id = String(ids(own, 'tab_instances')[0]);
    expectRefusal(await v1('DELETE', `${path()}/${id}`), 404, 'tab_instance_not_found');
    expect((await v1('DELETE', `${path(local)}/${id}${within(client)}`)).status).toBe(200);
  });

  it('section 3: the user is judged before the instance', async () => {
    const theirs = await addUser(stranger.admin.v1);
    expectRefusal(await v1('DELETE', `${path('nobody')}/nothing`), 404, 'user_not_found');
    expectRefusal(await v1('DELETE', `${path(theirs)}/nothing`), 401, 'access_denied');
    expectRefusal(await v1('DELETE', `${path('nobody')}/%20`), 400, 'missing_id');
    expectRefusal(await v1('PUT', path('nobody'), { tab_ids: [5] }), 400, 'bad_request');
    expectRefusal(await add(['sales'], 'nobody'), 404, 'user_not_found');
  });
});

it('T011: all three need user.manage, also for oneself', async () => {
  const viewer = await addPerson(app, home.admin, ['user.view']);
  const own = path(viewer.id);
  expectRefusal(await viewer.v1('GET', own), 401, 'access_denied');
  expectRefusal(await viewer.v1('PUT', own, { tab_ids: 5 }), 401, 'access_denied');
  expectRefusal(await viewer.v1('DELETE', `${own}/nothing`), 401, 'access_denied');
});

describe('Tab instances in the answers about users', () => {
  it('T185 T202 T407: full answers have their ids', async () => {
    await add(['c', 'a', 'b']);
    const all = ids(await list(), 'tab_instances');
    expect(pick(await v1('GET', `/users/${jane}?full=true`), 'data', 'tab_instances')).toEqual(all);
    await v1('PUT', `/users/${jane}`, { external_id: 'hr-404' });
    const [row] = rows(await v1('GET', '/users?external_id=hr-404&full=true'), 'users');
    expect(row).toHaveProperty('tab_instances', all);
    const own = ids(await add(['a'], home.admin.id), 'tab_instances');
    expect(pick(await v1('GET', '/profile?full=true'), 'data', 'tab_instances')).toEqual(own);
  });

  it('T202: also more of them than a page has', async () => {
    await add(Array.from({ length: 150 }, (_, n) => `tab-${n}`));
    const shown = pick(await v1('GET', `/users/${jane}?full=true`), 'data', 'tab_instances');
    expect(shown).toHaveLength(150);
    expect(pick(await list(), 'meta')).toMatchObject({ count: 100, total: 150 });
  });
});

it('T250: the instances of a deleted user are gone', async () => {
  await add(['sales']);
  const id = await instanceOf('sales');
  const john = await addUser(home.admin.v1);
  await v1('DELETE', `/users/${jane}`);
  expectRefusal(await list(), 404, 'user_not_found');
  expectRefusal(await v1('DELETE', `${path()}/${id}`), 404, 'user_not_found');
  expectRefusal(await v1('DELETE', `${path(john)}/${id}`), 404, 'tab_instance_not_found');
});
