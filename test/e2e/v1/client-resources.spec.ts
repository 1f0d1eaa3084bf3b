import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addClient, addUser, openCompany, startService, userFacts, within } from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const { v1 } = (await openCompany(app)).admin;

const names = [
  ...['api.requests.perDay', 'dashboard.combined.total', 'company.seats', 'published.private.links'],
];
const of = (...values: number[]) => names.map((name, index) => ({ name, value: values[index] }));
const get = async (client: string) => pick(await v1('GET', `/clients/${client}/resources`), 'data');
const put = (client: string, values: Readonly<Record<string, number>>) => {
  const resources = Object.entries(values).map(([name, value]) => ({ name, value }));
  return v1('PUT', `/clients/${client}/resources`, { resources });
};

describe('GET /clients/{id}/resources', () => {
  it('T408: has four, -1 for those that nobody has set; company.seats are the seats', async () => {
    expect(await get(await addClient(v1))).toEqual({ resources: of(-1, -1, -1, -1) });
    expect(await get(await addClient(v1, { seats: 7 }))).toEqual({ resources: of(-1, -1, 7, -1) });
  });
});

describe('PUT /clients/{id}/resources', () => {
  it('T408: sets those that are named and leaves the others', async () => {
    const client = await addClient(v1);
    const answer = await put(client, { 'api.requests.perDay': 500, 'company.seats': 3 });
    expect([answer.status, answer.body]).toEqual([200, done]);
    await put(client, { 'published.private.links': 0, 'dashboard.combined.total': 9 });
    expect(await get(client)).toEqual({ resources: of(500, 9, 3, 0) });
    expect(pick(await v1('GET', `/clients/${client}`), 'data', 'seats')).toBe(3);
  });

  it('T408 T225: company.seats limits new users', async () => {
    const client = await addClient(v1);
    await addUser(v1, {}, client);
    await put(client, { 'company.seats': 1 });
    expectRefusal(await v1('POST', `/users${within(client)}`, userFacts()), 403, 'seat_limit');
    await v1('PUT', `/clients/${client}`, { seats: -1 });
    expect(await get(client)).toEqual({ resources: of(-1, -1, -1, -1) });
    expect((await v1('POST', `/users${within(client)}`, userFacts())).status).toBe(201);
  });

  it('T408: what is so already, and none, record nothing', async () => {
    const client = await addClient(v1, { seats: 3 });
    for (const values of [{}, { 'company.seats': 3, 'api.requests.perDay': -1 }])
      expect((await expectNothingRecorded(v1, () => put(client, values), client)).body).toEqual(done);
  });

  it('T408: one name too many refuses all of them', async () => {
    const client = await addClient(v1);
    const put = () =>
      v1('PUT', `/clients/${client}/resources`, {
        resources: [...of(1, 2, 3, 4), { name: 'klips', value: 5 }],
      });
    expectRefusal(await expectNothingRecorded(v1, put, client), 400, 'bad_request');
  });
});
