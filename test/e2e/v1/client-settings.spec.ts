import { describe, expect, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { addClient, openCompany, startService } from '../../support/people.js';
import { done, expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const { v1 } = (await openCompany(app)).admin;

const post = (client: string, body: object) => v1('POST', `/clients/${client}/settings`, body);
const settings = async (client: string) =>
  pick(await v1('GET', `/clients/${client}?full=true`), 'data', 'settings');

describe('POST /clients/{id}/settings', () => {
  it('T408: sets the settings that are sent, of any name, and leaves the others', async () => {
    const client = await addClient(v1);
    const answer = await post(client, { locale: 'de', week: 1, dark: true, ratio: 0.25 });
    expect([answer.status, answer.body]).toEqual([200, done]);
    await post(client, { week: '1', settings: 'x', client_id: 'y', 'two words': false });
    expect(await settings(client)).toEqual({
      ...{ locale: 'de', week: '1', dark: true, ratio: 0.25 },
      ...{ settings: 'x', client_id: 'y', 'two words': false },
    });
  });

  it('T408: null and "" remove one', async () => {
    const client = await addClient(v1);
    await post(client, { locale: 'de', week: 0, dark: false });
    await post(client, { locale: null, week: '', more: null });
    expect(await settings(client)).toEqual({ dark: false });
  });

  it('T408: what is so already, and none, record nothing', async () => {
    const client = await addClient(v1);
    await post(client, { locale: 'de', dark: false });
    for (const body of [{}, { locale: 'de' }, { dark: false, more: null }])
      expect((await expectNothingRecorded(v1, () => post(client, body), client)).body).toEqual(done);
  });

  it('T408: __proto__ and constructor are names like others', async () => {
    const client = await addClient(v1);
    const rawBody = '{"__proto__":"x","constructor":5}';
    const answer = await v1('POST', `/clients/${client}/settings`, undefined, { rawBody });
    expect(answer.body).toEqual(done);
    const { text } = await v1('GET', `/clients/${client}?full=true`);
    expect(text).toContain('"settings":{"__proto__":"x","constructor":5}');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each(['', ' ', 'a\nb', 'x'.repeat(256)])('T408: a setting named %j is 400', async (name) => {
    const client = await addClient(v1);
    const answer = await expectNothingRecorded(v1, () => post(client, { fine: 1, [name]: 'x' }), client);
    expectRefusal(answer, 400, 'bad_request');
  });

  it('T408: a number that is none is 400', async () => {
    const client = await addClient(v1);
    const answer = await v1('POST', `/clients/${client}/settings`, undefined, { rawBody: '{"a":1e999}' });
    expectRefusal(answer, 400, 'bad_request');
  });

  it('T408: there can be 200', async () => {
    const client = await addClient(v1);
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, index]));
    expectRefusal(await post(client, many(201)), 403, 'quota_exceeded');
    expect((await post(client, many(200))).body).toEqual(done);
    const answer = await expectNothingRecorded(v1, () => post(client, { more: 1 }), client);
    expectRefusal(answer, 403, 'quota_exceeded');
    expect((await post(client, { more: 1, s0: null })).body).toEqual(done);
  });

  it('T408: are shown in the full detail only', async () => {
    const client = await addClient(v1, { external_id: 'T408-settings' });
    await post(client, { locale: 'de' });
    expect(pick(await v1('GET', `/clients/${client}`), 'data')).not.toHaveProperty('settings');
    const list = await v1('GET', '/clients?external_id=T408-settings&full=true');
    expect(pick(list, 'data', 'clients', 0)).not.toHaveProperty('settings');
    expect(await settings(await addClient(v1))).toEqual({});
  });
});
