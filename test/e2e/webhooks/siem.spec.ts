import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Views } from '../../../src/read/views.js';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { faultsOfOcsf, readCef } from '../../support/ocsf.js';
import { pause } from '../../support/pause.js';
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

const check = (body: object, key?: string) => company.call('POST', '/webhooks/check', body, key);

describe('POST /api/v2/webhooks/check', () => {
  test('sends one signed test event with the headers, says what became of it and saves nothing', async () => {
    const to = await hooks.receiver();
    const head = (await company.call('GET', '/events?limit=1000')).body;
    const answer = await check({ url: to.url, headers: { 'X-Token': 'kept secret' } });
    expect([answer.status, answer.body]).toEqual([
      200,
      { ok: true, status_code: 204, duration_ms: expect.any(Number) },
    ]);
    expect(to.events.map(({ type }) => type)).toEqual(['WebhookTest']);
    expect(to.requests[0]?.headers).toMatchObject({
      ...{ 'x-token': 'kept secret', 'webhook-id': to.events[0]?.['id'] },
      'webhook-signature': expect.stringMatching(/^v1,\S+ v1a,\S+$/),
    });
    expect((await company.call('GET', '/webhooks')).body).toEqual([]);
    expect((await company.call('GET', '/events?limit=1000')).body).toEqual(head);
  });

  test('has the form of a profile', async () => {
    const to = await hooks.receiver();
    await check({ url: to.url, profile: 'ocsf' });
    await check({ url: to.url, profile: 'cef' });
    expect(to.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      expect.stringMatching(/^text\/plain\b/),
    ]);
    expect(faultsOfOcsf(JSON.parse(to.requests[0]?.body ?? '') as object as Record<string, unknown>)).toEqual(
      [],
    );
    expect(readCef(to.requests[1]?.body ?? '').header[4]).toBe('WebhookTest');
  });

  test.each([
    [{ status: 500 }, { ok: false, status_code: 500, error: 'status_500' }],
    [
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { ok: false, status_code: 302, error: 'status_302' },
    ],
    ['reset', { ok: false, status_code: null, error: 'ECONNRESET' }],
  ] as const)('says of a receiver that answers %j: %j', async (reply, result) => {
    const to = await hooks.receiver(() => reply);
    const { status, body } = await check({ url: to.url });
    expect([status, body]).toEqual([200, { ...result, duration_ms: expect.any(Number) }]);
  });

  test('refuses bad bodies, and callers who may not make a webhook', async () => {
    const { url } = await hooks.receiver();
    const bad = [
      ...[{}, { url: 'ftp://example.com' }, { url, profile: 'leef' }, { url, headers: { host: 'x' } }],
      ...[
        { url, headers: { 'X-Token': '***' } },
        { url, headers: { a: 'x', A: 'x' } },
      ],
    ];
    for (const body of bad) expectProblem(await check(body), 400, 'bad_request');
    expectProblem(await check({ url: 'https://no-such-host.invalid/' }), 400, 'unresolvable');
    for (const permission of ['audit.read', 'account.settings'])
      expectProblem(await check({ url }, (await company.personWith(permission)).key), 403, 'access_denied');
  });

  test('lets three of a company be under way at once', async () => {
    const to = await hooks.receiver(() => 'hang');
    const hanging = [1, 2, 3].map(() => check({ url: to.url }));
    await to.until(({ requests }) => requests.length === 3);
    const refused = await check({ url: to.url });
    expectProblem(refused, 429, 'rate_limited');
    expect(refused.headers.get('retry-after')).toBe('1');
    await hooks.clear();
    expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const { status } = await check({ url: (await hooks.receiver()).url });
    expect(status).toBe(200);
  });
});

describe('A webhook with a profile', () => {
  const lines = (body: string) => body.split('\n').filter((line) => line !== '');

  test('ocsf is sent NDJSON in batches, each known by its last event', async () => {
    const to = await hooks.receiver();
    const made = await hooks.hook(to, {
      profile: 'ocsf',
      batch: 10,
      order: 'account',
      event_types: ['Group*'],
    });
    await company.call('POST', `/webhooks/${made.id}/pause`, {});
    const groups = [await company.group(), await company.group(), await company.group()];
    await company.call('POST', `/webhooks/${made.id}/resume`, {});
    await to.until(({ requests }) => requests.some(({ body }) => lines(body).length === 3));
    const [{ headers, body } = { headers: {}, body: '' }] = to.requests;
    expect(headers['content-type']).toBe('application/x-ndjson');
    const events = lines(body).map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
    expect(events.map(({ class_uid, group }) => [class_uid, group?.['uid']])).toEqual(
      groups.map((id) => [3006, id]),
    );
    expect(events.flatMap(faultsOfOcsf)).toEqual([]);
    expect(headers['webhook-id']).toBe(events.at(-1)?.['metadata']?.['uid']);
    expect(headers['muster-revision']).toBe(String(headers['webhook-id']).replace('/', '@'));
  });

  test('cef is sent lines of CEF', async () => {
    const to = await hooks.receiver();
    await hooks.hook(to, { profile: 'cef', event_types: ['GroupCreated'] });
    const group = await company.group();
    await to.until(({ requests }) => requests.length === 1);
    expect(readCef(to.requests[0]?.body ?? '').extension).toMatchObject({ cs2: `groups/${group}` });
  });

  test('and a batch keeps no order by subject', async () => {
    const { url } = await hooks.receiver();
    for (const profile of ['cloudevents', 'ocsf', 'cef'])
      expectProblem(await company.call('POST', '/webhooks', { url, profile, batch: 2 }), 400, 'bad_request');
  });
});

describe('A webhook with include_attempts', () => {
  const refused = async () => {
    const { key } = await company.personWith('a.read');
    expectProblem(
      await company.call('POST', '/groups', { name: 'Mine', permissions: [] }, key),
      403,
      'access_denied',
    );
  };
  /** On another path each time: what is the same within a minute is counted with the first. */
  const unknownKey = async (path: string) => {
    const answer = await company.call('GET', path, undefined, `mk_${company.id}_nobody`);
    expect(answer.status).toBe(401);
  };

  test('is sent what was refused and what failed, beside the events and as the audit log tells it', async () => {
    await refused();
    const to = await hooks.receiver();
    const made = await hooks.hook(to, { include_attempts: true, event_types: ['GroupCreated'] });
    await refused();
    await unknownKey('/account');
    await to.until(({ events }) => events.filter(({ type }) => type === 'AttemptRecorded').length === 2);
    const audited = (await company.call('GET', '/audit?outcome=any&limit=100')).body as {
      readonly entries: readonly Record<string, unknown>[];
    };
    const tried = to.events.filter(({ type }) => type === 'AttemptRecorded');
    for (const event of tried) {
      const id = String(event['id']).replace(`${company.id}/attempts/`, '');
      const entry = audited.entries.find((one) => one['id'] === id);
      expect(entry).toMatchObject({ id, time: event['time'] });
      expect(event['data']).toMatchObject({ request_id: entry?.['request_id'], source: entry?.['source'] });
      expect(event).not.toHaveProperty('sequence');
    }
    expect(tried.map(({ data }) => (data as Record<string, unknown>)['outcome']).sort()).toEqual([
      'failed',
      'refused',
    ]);
    const rows = await hooks.deliveries(
      made,
      (all) => all.filter(({ status }) => status === 'delivered').length >= 2,
    );
    expect(rows.map(({ event_type }) => event_type)).toContain('AttemptRecorded');
  });

  test('gets events though no attempt is accepted, and attempts once more when that is asked for', async () => {
    let status = 500;
    const to = await hooks.receiver(({ body }) => ({
      status: body.includes('AttemptRecorded') ? status : 204,
    }));
    const made = await hooks.hook(to, {
      include_attempts: true,
      event_types: ['GroupCreated'],
      order: 'account',
    });
    await unknownKey('/groups');
    const [failed] = await hooks.deliveries(made, (rows) => rows.length === 1, '?status=failed');
    const group = await company.group();
    await to.until(({ events }) => events.some(({ subject }) => subject === `groups/${group}`));
    status = 204;
    const answer = await company.call(
      'POST',
      `/webhooks/${made.id}/deliveries/${failed?.id ?? ''}/retry`,
      {},
    );
    expect(answer.status).toBe(202);
    const rows = await hooks.deliveries(made, (all) => all.length === 2, '?status=delivered');
    expect(rows.map(({ event_type }) => event_type).sort()).toEqual(['AttemptRecorded', 'GroupCreated']);
  });

  test('and ocsf is sent sign-ins as Authentication, and other calls as API Activity', async () => {
    const to = await hooks.receiver();
    await hooks.hook(to, { include_attempts: true, event_types: ['GroupCreated'], profile: 'ocsf' });
    await unknownKey('/webhooks');
    await refused();
    await to.until(({ events }) => events.length >= 2);
    expect(to.events.map(({ class_uid }) => class_uid).sort()).toEqual([3002, 6003]);
    expect(to.events.flatMap(faultsOfOcsf)).toEqual([]);
  });
});

describe('The technical contact', () => {
  const mails = () => app.app.get(Views).mails.pendingMails(new Date().toISOString(), 100);

  test('is asked to be sent a mail when a webhook is switched off, ten an hour at most', async () => {
    const to = await hooks.receiver(() => ({ status: 410 }));
    const made = [];
    for (let one = 0; one < 12; one += 1) made.push(await hooks.hook(to, { event_types: ['GroupCreated'] }));
    await company.group();
    for (const { id } of made)
      while (pick(await company.call('GET', `/webhooks/${id}`), 'status') !== 'disabled') await pause();
    const about = mails().filter(({ kind }) => kind === 'webhook_disabled');
    expect(about).toHaveLength(10);
    expect(about[0]).toMatchObject({
      ...{ user_id: company.admin.id, about: { host: new URL(to.url).host, percent: null, cause: 'gone' } },
    });
    expect(made.map(({ id }) => id)).toEqual(
      expect.arrayContaining(about.map((mail) => mail.about?.webhook_id)),
    );
  });
});
