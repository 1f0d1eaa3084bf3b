import { describe, expect, it, jest } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { pick } from '../../support/api-client.js';
import { addClient, addPerson, openCompany, startService } from '../../support/people.js';
import { expectNothingRecorded, expectRefusal } from './expectations.js';

const app = await startService();
const { admin } = await openCompany(app);
const { v1 } = admin;
let time = Date.parse('2026-01-31T10:00:00.500Z');
jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);

const run = (client: string, operation: string) => v1('POST', `/clients/${client}/@/${operation}`);
const requested = (op_requested: string) => ({
  meta: { status: 200, success: true },
  data: { op_requested },
});
const detail = async (client: string, query = '') =>
  pick(await v1('GET', `/clients/${client}${query}`), 'data');

describe('POST /clients/{id}/@/extend_trial', () => {
  it('T408: gives 14 days, again 14 more, and 14 from now when they are over', async () => {
    const client = await addClient(v1, { status: 'trial' });
    expect(await detail(client)).not.toHaveProperty('trial_ends');
    expect((await run(client, 'extend_trial')).body).toEqual(requested('extend_trial'));
    expect(await detail(client)).toHaveProperty('trial_ends', '2026-02-14T10:00:00Z');
    await run(client, 'extend_trial');
    expect(await detail(client)).toHaveProperty('trial_ends', '2026-02-28T10:00:00Z');
    time = Date.parse('2026-03-01T00:00:00.000Z');
    await run(client, 'extend_trial');
    expect(await detail(client, '?full=true')).toHaveProperty('trial_ends', '2026-03-15T00:00:00Z');
  });

  it('T408: may be sent with its @ encoded', async () => {
    const client = await addClient(v1, { status: 'trial' });
    const answer = await v1('POST', `/clients/${client}/%40/extend_trial`);
    expect(answer.body).toEqual(requested('extend_trial'));
  });

  it.each(['setup', 'active', 'disabled'])('T408: in the status %s it is 403', async (status) => {
    const client = await addClient(v1, { status });
    const answer = await expectNothingRecorded(v1, () => run(client, 'extend_trial'), client);
    expectRefusal(answer, 403, 'client_not_in_trial');
  });
});

describe('POST /clients/{id}/@/enable_direct_billing', () => {
  it('T408: is done once, and answers alike ever after', async () => {
    const client = await addClient(v1);
    expect(await detail(client, '?full=true')).not.toHaveProperty('direct_billing');
    const answer = await run(client, 'enable_direct_billing');
    expect([answer.status, answer.body]).toEqual([200, requested('enable_direct_billing')]);
    const again = await expectNothingRecorded(v1, () => run(client, 'enable_direct_billing'), client);
    expect(again.body).toEqual(answer.body);
    expect(await detail(client, '?full=true')).toHaveProperty('direct_billing', true);
    expect(await detail(client)).not.toHaveProperty('direct_billing');
  });
});

describe('Operations on a client', () => {
  it('T408: that are unknown are 404', async () => {
    expectRefusal(await run(await addClient(v1), 'explode'), 404, 'not_found');
  });

  it('T408: need client.edit', async () => {
    const client = await addClient(v1, { status: 'trial' });
    const caller = await addPerson(app, admin, ['client.access', 'client.build', 'client.delete']);
    for (const operation of ['extend_trial', 'enable_direct_billing'])
      expectRefusal(await caller.v1('POST', `/clients/${client}/@/${operation}`), 401, 'access_denied');
  });

  it.each(['extend_trial', 'enable_direct_billing'])(
    'T408 T017: %s ignores what a body says, but refuses what is no JSON',
    async (operation) => {
      const client = await addClient(v1, { status: 'trial' });
      const path = `/clients/${client}/@/${operation}`;
      const broken = () => v1('POST', path, undefined, { rawBody: '{' });
      expectRefusal(await expectNothingRecorded(v1, broken, client), 400, 'bad_request');
      for (const body of [undefined, [], {}, { days: 3 }])
        expect((await v1('POST', path, body)).status).toBe(200);
    },
  );
});
