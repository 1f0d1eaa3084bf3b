import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { pause } from '../../support/pause.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem } from '../v2/company.js';
import { Hooks } from './hooks.js';

let app: RunningApp;
let company: Company;
let hooks: Hooks;

beforeAll(async () => {
  app = await RunningApp.start({ WEBHOOK_ALLOW_PRIVATE: 'true' });
  company = await Company.first(app);
  hooks = new Hooks(company);
});
afterAll(() => app.stop());
afterEach(() => hooks.clear());

describe('A webhook', () => {
  test('is sent each event after its creation, signed, in order and with the cursor of what is accepted', async () => {
    await company.group();
    const to = await hooks.receiver();
    const made = await hooks.hook(to, { event_types: ['Group*'] });
    const group = await company.group();
    await company.call('DELETE', `/groups/${group}`);
    await to.until(({ requests }) => requests.length === 2);
    expect(to.events.map(({ type, subject }) => [type, subject])).toEqual([
      ['GroupCreated', `groups/${group}`],
      ['GroupDeleted', `groups/${group}`],
    ]);
    for (const { headers, body } of to.requests) {
      const event = JSON.parse(body) as Record<string, string>;
      expect(headers['webhook-id']).toBe(event['id']);
      expect(headers['muster-revision']).toBe(event['id']?.replace('/', '@'));
      expect(Number(event['cursor'])).toBeLessThan(Number(event['sequence']));
      const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const key = Buffer.from(made.secret.replace('whsec_', ''), 'base64');
      const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
      expect(String(headers['webhook-signature']).split(' ')).toContain(wanted);
    }
    const rows = await hooks.deliveries(
      made,
      (all) => all.filter(({ status }) => status === 'delivered').length === 2,
    );
    expect(rows.map(({ event_id }) => event_id)).toEqual(to.events.map(({ id }) => id).reverse());
    expect(rows[0]?.attempts).toEqual([
      { time: expect.any(String), duration_ms: expect.any(Number), status_code: 204, response: '' },
    ]);
    expect((await hooks.page(made)).headers.get('x-total-count')).toBe('2');
  });

  test('gets what failed once more when it is asked for, with the same id', async () => {
    let status = 500;
    const to = await hooks.receiver(() => ({ status, body: 'out of order' }));
    const made = await hooks.hook(to, { event_types: ['GroupCreated'] });
    await company.group();
    const [failed] = await hooks.deliveries(made, ([first]) => first?.status === 'failed');
    expect(failed).toMatchObject({
      attempts: [{ status_code: 500, response: 'out of order', error: 'status_500' }],
      next_attempt: expect.any(String),
    });
    const shown = await company.call('GET', `/webhooks/${made.id}`);
    expect(pick(shown, 'last_errors')).toEqual([
      {
        ...{ time: expect.any(String), event_id: failed?.event_id, status_code: 500 },
        error: 'status_500',
      },
    ]);
    expect(pick(shown, 'behind', 'events')).toBeGreaterThan(0);
    status = 200;
    const asked = await company.call('POST', `/webhooks/${made.id}/deliveries/${failed?.id ?? ''}/retry`, {});
    expect(asked.status).toBe(202);
    const [delivered] = await hooks.deliveries(made, ([first]) => first?.status === 'delivered');
    expect(delivered).toMatchObject({
      id: failed?.id,
      attempts: [{ status_code: 500 }, { status_code: 200 }],
    });
    expect(new Set(to.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(delivered).not.toHaveProperty('next_attempt');
  });

  test('gets everything that failed since a moment once more', async () => {
    let status = 500;
    const to = await hooks.receiver(() => ({ status }));
    const made = await hooks.hook(to, { event_types: ['GroupCreated'], order: 'none' });
    const since = new Date().toISOString();
    await company.group();
    await company.group();
    await hooks.deliveries(made, (rows) => rows.length === 2, '?status=failed');
    status = 204;
    const answer = await company.call('POST', `/webhooks/${made.id}/retry`, { failed_since: since });
    expect([answer.status, answer.body]).toEqual([202, { count: 2 }]);
    await hooks.deliveries(made, (rows) => rows.length === 2, '?status=delivered');
  });

  test('is sent a range of events once more, by its filter, beside what is new', async () => {
    const from = Number(pick(await company.call('GET', '/events?limit=1000'), 'next'));
    await company.group();
    await company.user();
    const to = await hooks.receiver();
    const made = await hooks.hook(to, { event_types: ['Group*'] });
    const head = Number(pick(await company.call('GET', `/events?after=${from}&limit=1000`), 'next'));
    const answer = await company.call('POST', `/webhooks/${made.id}/replay`, { from: from + 1, to: head });
    expect(answer.status).toBe(202);
    await to.until(({ requests }) => requests.length === 1);
    expect(to.events.map(({ type }) => type)).toEqual(['GroupCreated']);
    for (const body of [{ from: 3, to: 2 }, { from: 0, to: 1_000_000 }, { from: 0 }, { from: '0', to: 1 }])
      expectProblem(await company.call('POST', `/webhooks/${made.id}/replay`, body), 400, 'bad_request');
    const lacking = await company.call('POST', `/webhooks/${made.id}/replay`, { from: '0', to: 1 });
    expect(pick(lacking, 'detail')).toContain('from must be a whole number from 0');
  });

  test('is sent a test event at once, beside one that it does not accept', async () => {
    let status = 500;
    const to = await hooks.receiver(() => ({ status }));
    const made = await hooks.hook(to, { order: 'account', event_types: ['GroupCreated'] });
    await company.group();
    await hooks.deliveries(made, (rows) => rows.length === 1, '?status=failed');
    status = 200;
    expect((await company.call('POST', `/webhooks/${made.id}/test`, {})).status).toBe(202);
    await to.until(({ events }) => events.some(({ type }) => type === 'WebhookTest'));
    const [tested] = await hooks.deliveries(
      made,
      ([first]) => first?.status === 'delivered',
      '?status=delivered',
    );
    expect(tested?.event_type).toBe('WebhookTest');
  });

  test('is sent by each change what happened after it: to the new address alone', async () => {
    const [before, after] = [await hooks.receiver(), await hooks.receiver()];
    const made = await hooks.hook(before, { event_types: ['GroupCreated'] });
    const places = [before, after, before, after];
    for (const [index, to] of places.entries()) {
      await company.call('PATCH', `/webhooks/${made.id}`, { url: to.url });
      const count = before.requests.length + after.requests.length;
      const group = await company.group();
      while (before.requests.length + after.requests.length === count) await pause();
      expect([index, to.events.at(-1)?.['subject']]).toEqual([index, `groups/${group}`]);
    }
  });

  test('loses nothing by a pause', async () => {
    const to = await hooks.receiver();
    const made = await hooks.hook(to, { event_types: ['GroupCreated'] });
    await company.call('POST', `/webhooks/${made.id}/pause`, {});
    expectProblem(await company.call('POST', `/webhooks/${made.id}/test`, {}), 409, 'webhook_paused');
    const group = await company.group();
    await company.call('POST', `/webhooks/${made.id}/resume`, {});
    await to.until(({ requests }) => requests.length === 1);
    expect(to.events.map(({ subject }) => subject)).toEqual([`groups/${group}`]);
  });

  test('that is gone (410) is disabled, and goes on from when it is enabled again', async () => {
    let status = 410;
    const to = await hooks.receiver(() => ({ status }));
    const made = await hooks.hook(to, { event_types: ['GroupCreated'] });
    await company.group();
    const hookIs = async (isEnough: (shown: Answer) => boolean) => {
      for (;;) {
        const shown = await company.call('GET', `/webhooks/${made.id}`);
        if (isEnough(shown)) return shown;
        await pause();
      }
    };
    const disabled = await hookIs((shown) => pick(shown, 'status') === 'disabled');
    expect(pick(disabled, 'disabled_reason')).toBe('gone');
    expectProblem(await company.call('POST', `/webhooks/${made.id}/test`, {}), 409, 'webhook_disabled');
    await hooks.deliveries(made, (rows) => rows.length === 1, '?status=given_up');
    status = 204;
    await company.group();
    const enabled = await company.call('PATCH', `/webhooks/${made.id}`, { status: 'active' });
    expect(pick(enabled, 'disabled_gap')).toEqual({ from: expect.any(Number), to: expect.any(Number) });
    const group = await company.group();
    await to.until(({ requests }) => requests.length === 2);
    expect(to.events.at(-1)?.['subject']).toBe(`groups/${group}`);
  });

  test('does not follow a redirect', async () => {
    const elsewhere = await hooks.receiver();
    const to = await hooks.receiver(() => ({ status: 302, headers: { location: elsewhere.url } }));
    const made = await hooks.hook(to, { event_types: ['GroupCreated'] });
    await company.group();
    const [failed] = await hooks.deliveries(made, ([first]) => first?.status === 'failed');
    expect(failed?.attempts[0]?.['error']).toBe('status_302');
    expect(elsewhere.requests).toEqual([]);
  });

  test('is not sent events about itself, but those about others', async () => {
    const to = await hooks.receiver();
    const made = await hooks.hook(to, { event_types: ['Webhook*'] });
    await company.call('PATCH', `/webhooks/${made.id}`, { description: 'Changed' });
    const other = await hooks.hook(await hooks.receiver());
    await to.until(({ requests }) => requests.length === 1);
    expect(to.events.map(({ type, subject }) => [type, subject])).toEqual([
      ['WebhookCreated', `webhooks/${other.id}`],
    ]);
  });

  test('refuses unknown ones, states and parameters, and callers without the rights', async () => {
    const made = await hooks.hook(await hooks.receiver());
    const unknown = { id: 'f'.repeat(32), secret: '' };
    expectProblem(await hooks.page(unknown), 404, 'webhook_not_found');
    expectProblem(await hooks.page(made, '?status=lost'), 400, 'bad_request');
    expectProblem(await hooks.page(made, '?state=failed'), 400, 'bad_request');
    for (const path of ['test', 'deliveries/x/retry', 'replay', 'retry']) {
      const body = { from: 0, to: 0, failed_since: '0' };
      const reader = await company.personWith('audit.read');
      const answer = await company.call('POST', `/webhooks/${made.id}/${path}`, body, reader.key);
      expectProblem(answer, 403, 'access_denied');
      const maker = await company.personWith('account.settings');
      const other = await company.call('POST', `/webhooks/${made.id}/${path}`, body, maker.key);
      expectProblem(other, 403, 'access_denied');
    }
    const answer = await company.call('POST', `/webhooks/${made.id}/deliveries/x/retry`, {});
    expectProblem(answer, 404, 'delivery_not_found');
  });
});
