import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addAdmin,
  addClient,
  addGroup,
  addPerson,
  addUser,
  type Call,
  type Company,
  openCompany,
  share,
  startService,
  within,
} from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal, rows } from './expectations.js';

const app = await startService();
const stranger = await openCompany(app);

let home: Company;
let v1: Call;
let [client, sales, stock]: string[] = [];
beforeEach(async () => {
  home = await openCompany(app);
  v1 = home.admin.v1;
  client = await addClient(v1, { external_id: 'crm-409' });
  [sales, stock] = [await addGroup(v1, { name: 'Sales' }), await addGroup(v1, { name: 'Stock' })];
});

const path = (group?: string) =>
  `/clients/${String(client)}/share-rights${group === undefined ? '' : `/${group}`}`;
const put = (...groups: unknown[]) => v1('PUT', path(), { groups });
const shown = (answer: Answer) => pick(answer, 'data', 'share_rights');
const rights = async () => shown(await v1('GET', path()));
const row = (group_id: unknown, group_name: string, can_manage = false) => ({
  ...{ group_id, group_name, can_manage },
});

describe('GET /clients/{id}/share-rights', () => {
  it('T409: an unshared client has none', async () => {
    const answer = await v1('GET', path());
    const meta = { status: 200, success: true, count: 0, total: 0 };
    expect(answer.body).toEqual({ meta, data: { share_rights: [] } });
  });

  it('T409: rows are group_id, group_name and can_manage, in the order of the groups', async () => {
    await put({ group_id: stock, can_manage: true });
    await put({ group_id: sales });
    expect(await rights()).toEqual([row(sales, 'Sales'), row(stock, 'Stock', true)]);
    const page = await v1('GET', `${path()}?limit=1&offset=1`);
    expect(shown(page)).toEqual([row(stock, 'Stock', true)]);
    expect(pick(page, 'meta')).toEqual({ status: 200, success: true, count: 1, total: 2 });
  });

  it('T409: follows the name of a group, and says at which revision of the company', async () => {
    await put({ group_id: sales });
    const renamed = await v1('PUT', `/groups/${String(sales)}`, { name: 'Sold' });
    const answer = await v1('GET', path());
    expect(shown(answer)).toEqual([row(sales, 'Sold')]);
    expect(answer.headers.get('muster-revision')).toBe(renamed.headers.get('muster-revision'));
  });

  it('T408 T409: GET /clients/{id}?full=true and the list with external_id have them', async () => {
    await put({ group_id: sales, can_manage: true });
    const expected = [row(sales, 'Sales', true)];
    const detail = await v1('GET', `/clients/${String(client)}?full=true`);
    expect(pick(detail, 'data', 'share_rights')).toEqual(expected);
    const listed = await v1('GET', '/clients?external_id=crm-409&full=true');
    expect(rows(listed, 'clients')[0]?.['share_rights']).toEqual(expected);
    for (const answer of [detail, listed]) {
      expect(answer.headers.get('muster-revision')).toContain(`${home.id}@`);
      expect(answer.headers.get('muster-revision')).toContain(`${String(client)}@`);
    }
  });
});

describe('PUT /clients/{id}/share-rights', () => {
  it('X95 T409: answers all rights; groups that are not named stay', async () => {
    expect(shown(await put({ group_id: sales }))).toEqual([row(sales, 'Sales')]);
    const answer = await put({ group_id: stock, can_manage: true });
    expect(answer.status).toBe(200);
    expect(shown(answer)).toEqual([row(sales, 'Sales'), row(stock, 'Stock', true)]);
    expect(await rights()).toEqual(shown(answer));
  });

  it('T409 X59: can_manage that is absent is false for a new group and stays for another', async () => {
    await put({ group_id: sales, can_manage: 'true' }, { group_id: stock, can_manage: 'false' });
    await expectNothingRecorded(v1, () => put({ group_id: sales }, { group_id: stock }));
    expect(await rights()).toEqual([row(sales, 'Sales', true), row(stock, 'Stock')]);
    await put({ group_id: sales, can_manage: false });
    expect(await rights()).toEqual([row(sales, 'Sales'), row(stock, 'Stock')]);
  });

  it('X38: without groups, or said again, it records nothing', async () => {
    await put({ group_id: sales, can_manage: true });
    for (const groups of [[], [{ group_id: sales, can_manage: true }]]) {
      const answer = await expectNothingRecorded(v1, () => put(...groups));
      expect(shown(answer)).toEqual([row(sales, 'Sales', true)]);
    }
  });

  it('T409 X77: All Users may be the group', async () => {
    await share(v1, String(client), false);
    expect(await rights()).toEqual([expect.objectContaining({ group_name: 'All Users' })]);
  });

  it('T409 X68: an unknown group is 404, one of another company 401, one of the client 404, all or nothing', async () => {
    const attempts = [
      ['nothing', 404, 'group_not_found'],
      [await addGroup(stranger.admin.v1), 401, 'access_denied'],
      [await addGroup(v1, {}, client), 404, 'group_not_found'],
    ] as const;
    for (const [group_id, status, code] of attempts) {
      const answer = await expectNothingRecorded(v1, () => put({ group_id: sales }, { group_id }));
      expectRefusal(answer, status, code);
    }
    expect(await rights()).toEqual([]);
  });

  it('T409: the first of several groups that cannot be is answered', async () => {
    const foreign = { group_id: await addGroup(stranger.admin.v1) };
    const unknown = { group_id: 'nothing' };
    expectRefusal(await put(foreign, unknown), 401, 'access_denied');
    expectRefusal(await put(unknown, foreign), 404, 'group_not_found');
  });

  it('T409: a group twice in one body is 400, before anything else is looked at', async () => {
    const twice = { groups: [{ group_id: sales }, { group_id: sales, can_manage: true }] };
    expectRefusal(await v1('PUT', path(), twice), 400, 'bad_request');
    expectRefusal(await v1('PUT', '/clients/unknown/share-rights', twice), 400, 'bad_request');
  });
});

describe('DELETE /clients/{id}/share-rights/{group-id}', () => {
  it('T409: ends the share with one group', async () => {
    await put({ group_id: sales }, { group_id: stock });
    expect((await v1('DELETE', path(sales))).body).toEqual(done);
    expect(await rights()).toEqual([row(stock, 'Stock')]);
  });

  it('T409 X82: not shared, or no longer, is 403', async () => {
    await share(v1, await addClient(v1), true, sales);
    expectRefusal(await expectNothingRecorded(v1, () => v1('DELETE', path(sales))), 403, 'client_not_shared');
    await put({ group_id: sales });
    await v1('DELETE', path(sales));
    expectRefusal(await v1('DELETE', path(sales)), 403, 'client_not_shared');
  });

  it('T409: unknown is 404, of another company 401', async () => {
    expectRefusal(await v1('DELETE', path('nothing')), 404, 'group_not_found');
    const foreign = await addGroup(stranger.admin.v1);
    expectRefusal(await v1('DELETE', path(foreign)), 401, 'access_denied');
    expectRefusal(await v1('DELETE', `/clients/unknown/share-rights/${foreign}`), 404, 'client_not_found');
    const theirs = await addClient(stranger.admin.v1);
    expectRefusal(await v1('DELETE', `/clients/${theirs}/share-rights/nothing`), 401, 'access_denied');
  });

  it('T409 X12 X69: without a group id it is 400', async () => {
    for (const missing of [path(), `${path()}/`, path('%20')])
      expectRefusal(await v1('DELETE', missing), 400, 'missing_id');
  });
});

describe('A group that is deleted', () => {
  it.each(['v1', 'v2'] as const)('T409: through %s ends its shares', async (api) => {
    await put({ group_id: sales, can_manage: true }, { group_id: stock });
    expect((await home.admin[api]('DELETE', `/groups/${String(sales)}`)).status).toBeLessThan(300);
    expect(await rights()).toEqual([row(stock, 'Stock')]);
    expectRefusal(await v1('DELETE', path(sales)), 404, 'group_not_found');
  });
});

describe('Who may share', () => {
  it('T409: client.share changes and client.access reads; no share right is needed for it', async () => {
    const sharer = await addPerson(app, home.admin, ['client.share']);
    expectRefusal(await sharer.v1('GET', path()), 401, 'access_denied');
    await share(sharer.v1, String(client), true, sales);
    const viewer = await addPerson(app, home.admin, ['client.access', 'client.edit', 'user.manage']);
    expect(shown(await viewer.v1('GET', path()))).toEqual([row(sales, 'Sales', true)]);
    expectRefusal(await viewer.v1('PUT', path(), { groups: [] }), 401, 'access_denied');
    expectRefusal(await viewer.v1('DELETE', path(sales)), 401, 'access_denied');
    expect((await sharer.v1('DELETE', path(sales))).status).toBe(200);
  });

  it('X92: who holds client.share opens no client to oneself, by no door', async () => {
    const sharer = await addPerson(app, home.admin, ['client.share', 'user.manage']);
    const groups = [{ group_id: sales, can_manage: true }];
    await v1('PUT', `/users/${sharer.id}/groups/${String(sales)}`);
    expectRefusal(await sharer.v1('PUT', path(), { groups }), 403, 'permission_escalation');
    await v1('DELETE', `/users/${sharer.id}/groups/${String(sales)}`);
    await share(sharer.v1, String(client), true, sales);
    const bob = await addPerson(app, home.admin, []);
    const doors = [sharer.id, bob.id].flatMap((user) => [
      sharer.v1('PUT', `/users/${user}/groups/${String(sales)}`),
      sharer.v1('PUT', `/users/${user}/groups`, { group_id: sales }),
      sharer.v1('PUT', `/groups/${String(sales)}/users/${user}`),
    ]);
    for (const door of doors) expectRefusal(await door, 403, 'permission_escalation');
    for (const user of [sharer.id, bob.id]) {
      const onV2 = await sharer.v2('PUT', `/groups/${String(sales)}/users/${user}`);
      expect([onV2.status, pick(onV2, 'code')]).toEqual([403, 'permission_escalation']);
    }
    expectRefusal(await sharer.v1('GET', `/users${within(client)}`), 401, 'access_denied');
    await v1('PUT', `/users/${sharer.id}/groups/${String(sales)}`);
    expect((await sharer.v1('GET', `/users${within(client)}`)).status).toBe(200);
    expect((await sharer.v1('PUT', `/users/${bob.id}/groups/${String(sales)}`)).status).toBe(200);
  });

  it('T409: nobody of the client, nor of another company', async () => {
    const local = await addAdmin(app, home.admin, client);
    expectRefusal(await local.v1('GET', path()), 404, 'client_not_found');
    expectRefusal(await local.v1('PUT', path(), { groups: [] }), 404, 'client_not_found');
    expectRefusal(await stranger.admin.v1('GET', path()), 401, 'access_denied');
    expectRefusal(await stranger.admin.v1('PUT', path(), { groups: [] }), 401, 'access_denied');
  });
});

it('T409: a share right outlives neither its group nor its members, but whoever comes later has it', async () => {
  await put({ group_id: sales });
  const user = await addUser(v1);
  await v1('PUT', `/users/${user}/groups/${String(sales)}`);
  await v1('DELETE', `/users/${user}`);
  expect(await rights()).toEqual([row(sales, 'Sales')]);
});
