import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { can, decisionOf, type Fixture, fixture, foundIn, post, record, user } from './scene.js';

/** The certification scenario of the OpenID AuthZEN working group for the Authorization API 1.0, by its numbers. */
let app: RunningApp;
let at: Fixture;
let aliceReads: { subject: object; action: object; resource: object };

beforeAll(async () => {
  app = await RunningApp.start({ MUSTER_PUBLIC_URL: 'https://pdp.example.com' });
  at = await fixture(app);
  aliceReads = { subject: user(at.alice), action: can('read'), resource: record(at.record1) };
});

afterAll(() => app.stop());

const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
const without = (name: string) => ({ ...aliceReads, [name]: undefined });

describe('Basic Core', () => {
  test('c-2-2-1 to c-2-2-9 decides for the fixture, with a context, with properties and with unknown fields', async () => {
    const { alice, bob, record1 } = at;
    const decide = async (subject: object, name: string, more = {}) =>
      decisionOf(
        await post(at, 'evaluation', { subject, action: can(name), resource: record(record1), ...more }),
      );
    expect(await decide(user(alice), 'read')).toBe(true);
    expect(await decide(user(alice), 'write')).toBe(true);
    expect(await decide(user(bob), 'read')).toBe(true);
    expect(await decide(user(bob), 'write')).toBe(false);
    expect(await decide(user(alice), 'read', { context })).toBe(true);
    const properties = { department: 'Sales', role: 'manager' };
    expect(await decide({ ...user(alice), properties }, 'read')).toBe(true);
    expect(await decide(user(alice), 'read', { foo: 'bar', futureField: { nested: true } })).toBe(true);
  });

  test.each(['subject', 'action', 'resource'])('c-2-4-1 %s is missing: 400', async (name) => {
    expect((await post(at, 'evaluation', without(name))).status).toBe(400);
  });

  test('c-2-4-2, c-2-4-6 a field of an entity is missing or of another type: 400', async () => {
    for (const wrong of [
      { subject: { id: at.alice } },
      { subject: { type: 'user' } },
      { subject: at.alice },
      { subject: user('') },
      { subject: null },
      { action: {} },
      { action: { name: 123 } },
      { action: { name: 'read', properties: [] } },
      { resource: { id: at.record1 } },
      { resource: { type: 'account' } },
      { resource: [] },
      { context: 'now' },
    ])
      expect([wrong, (await post(at, 'evaluation', { ...aliceReads, ...wrong })).status]).toEqual([
        wrong,
        400,
      ]);
  });

  test('c-2-4-3 to c-2-4-5 another content type, what is no JSON, and nothing: 400', async () => {
    const raw = (rawBody: string, type = 'application/json') =>
      post(at, 'evaluation', undefined, { rawBody, headers: { 'content-type': type } });
    expect((await raw(JSON.stringify(aliceReads), 'text/plain')).status).toBe(400);
    expect((await raw('{"subject":')).status).toBe(400);
    expect((await raw('[]')).status).toBe(400);
    expect((await raw('')).status).toBe(400);
  });

  test('c-2-5, c-2-6 the request id comes back, and the same question has the same answer', async () => {
    for (const id of ['first', 'second']) {
      const answer = await post(at, 'evaluation', aliceReads, { headers: { 'x-request-id': id } });
      expect([decisionOf(answer), answer.headers.get('x-request-id')]).toEqual([true, id]);
    }
  });
});

describe('Batch Core', () => {
  const decisions = async (body: object) => {
    const answer = await post(at, 'evaluations', body);
    expect([answer.status, pick(answer, 'decision')]).toEqual([200, undefined]);
    return (pick(answer, 'evaluations') as { decision: boolean }[]).map(({ decision }) => decision);
  };

  test('c-3-2-1 to c-3-2-6 decides in the order of the questions, with defaults and without', async () => {
    const { alice, bob, record1, record2 } = at;
    const [subject, action, resource] = [user(alice), can('read'), record(record1)];
    const two = [{ resource }, { resource: record(record2), context: { source: 'batch-override' } }];
    expect(await decisions({ subject, action, context, evaluations: two })).toEqual([true, false]);
    const verbs = [{ action: can('read') }, { action: can('write') }];
    expect(await decisions({ subject: user(bob), resource, evaluations: verbs })).toEqual([true, false]);
    const bobWrites = { subject: user(bob), action: can('write'), resource };
    expect(await decisions({ evaluations: [aliceReads, bobWrites] })).toEqual([true, false]);
  });

  test('c-3-4-1 a question that is not valid is denied in its place, and says why', async () => {
    const { subject, action, resource } = aliceReads;
    const answer = await post(at, 'evaluations', {
      ...{ subject, action, options: { evaluations_semantic: 'execute_all' } },
      evaluations: [{ resource }, {}, { resource }, 5],
    });
    expect(pick(answer, 'evaluations')).toEqual([
      expect.objectContaining({ decision: true }),
      { decision: false, context: { error: { status: 400, message: 'resource is missing' } } },
      expect.objectContaining({ decision: true }),
      expect.objectContaining({ decision: false }),
    ]);
  });

  test('c-3-4-2, c-3-4-3 without questions in a list it is a single one', async () => {
    for (const more of [{}, { evaluations: [] }])
      expect(decisionOf(await post(at, 'evaluations', { ...aliceReads, ...more }))).toBe(true);
  });

  test('deny_on_first_deny and permit_on_first_permit end with the decision that settles it', async () => {
    const [yes, no] = [aliceReads, { ...aliceReads, action: can('fly') }];
    const of = (evaluations_semantic: string, evaluations: object[]) =>
      decisions({ options: { evaluations_semantic }, evaluations });
    expect(await of('deny_on_first_deny', [yes, no, yes])).toEqual([true, false]);
    expect(await of('deny_on_first_deny', [yes, {}, yes])).toEqual([true, false]);
    expect(await of('deny_on_first_deny', [yes, yes])).toEqual([true, true]);
    expect(await of('permit_on_first_permit', [no, yes, no])).toEqual([false, true]);
    expect(await of('permit_on_first_permit', [no, no])).toEqual([false, false]);
  });

  test('what makes the whole request invalid is 400', async () => {
    for (const wrong of [
      { evaluations: {} },
      { evaluations: [aliceReads], options: 'all' },
      { evaluations: [aliceReads], options: { evaluations_semantic: 'some' } },
      { evaluations: [aliceReads], subject: 'alice' },
      { evaluations: Array.from({ length: 1001 }, () => ({})) },
    ])
      expect((await post(at, 'evaluations', wrong)).status).toBe(400);
  });
});

describe('Search Core', () => {
  const [account] = [{ type: 'account' }];
  const subjects = () => ({ subject: { type: 'user' }, action: can('read'), resource: record(at.record1) });

  test('c-4-2 finds the subjects, whatever the context and an id of the subject', async () => {
    for (const more of [{}, { context }, { subject: user(at.alice) }])
      expect(foundIn(await post(at, 'search/subject', { ...subjects(), ...more }))).toEqual([
        ...[at.company.admin.id, at.alice, at.bob],
      ]);
    const writers = foundIn(await post(at, 'search/subject', { ...subjects(), action: can('write') }));
    expect(writers).toEqual([at.company.admin.id, at.alice]);
  });

  test('c-4-3 finds the resources, whatever the context and an id of the resource', async () => {
    const body = { subject: user(at.alice), action: can('read'), resource: account };
    for (const more of [{}, { context }, { resource: record(at.record1) }])
      expect(foundIn(await post(at, 'search/resource', { ...body, ...more }))).toEqual([at.record1]);
  });

  test('c-4-4 finds the actions', async () => {
    const body = { subject: user(at.alice), resource: record(at.record1) };
    for (const more of [{}, { context }])
      expect(foundIn(await post(at, 'search/action', { ...body, ...more }))).toEqual(
        expect.arrayContaining(['read', 'write', 'account.profile']),
      );
  });

  test('c-4-5 answers in pages, the last of which has an empty token', async () => {
    const found: unknown[] = [];
    let page: object = { limit: 1 };
    for (let pages = 0; pages < 3; pages += 1) {
      const answer = await post(at, 'search/subject', { ...subjects(), page });
      found.push(...foundIn(answer));
      expect(pick(answer, 'page', 'count')).toBe(1);
      const token = pick(answer, 'page', 'next_token');
      expect(token === '').toBe(pages === 2);
      page = { token };
    }
    expect(found).toEqual([at.company.admin.id, at.alice, at.bob]);
  });

  test('c-4-6 what nobody knows is found nowhere', async () => {
    const nobody = { subject: user('nonexistent-user'), resource: record(at.record1) };
    expect(foundIn(await post(at, 'search/action', nobody))).toEqual([]);
    const resources = { ...nobody, action: can('read'), resource: account };
    expect(foundIn(await post(at, 'search/resource', resources))).toEqual([]);
    for (const more of [
      { subject: { type: 'spaceship' } },
      { resource: record('nonexistent') },
      { resource: { type: 'spaceship', id: at.record1 } },
    ])
      expect(foundIn(await post(at, 'search/subject', { ...subjects(), ...more }))).toEqual([]);
  });

  test('c-4-7 a search that lacks something is 400', async () => {
    const [subject, action, resource] = [user(at.alice), can('read'), record(at.record1)];
    for (const [path, body] of [
      ['subject', { subject: { type: 'user' }, resource }],
      ['resource', { action, resource: account }],
      ['action', { subject }],
      ['subject', { subject: { type: 'user' }, action, resource: account }],
      ['resource', { subject: { type: 'user' }, action, resource: account }],
      ['action', { subject: { type: 'user' }, resource }],
    ] as const)
      expect([path, (await post(at, `search/${path}`, body)).status]).toEqual([path, 400]);
  });
});

describe('Discovery', () => {
  test('c-6 each base has a document that names its endpoints, without a credential', async () => {
    const base = `https://pdp.example.com/authzen/${at.record1}`;
    const answer = await app.request('GET', `/.well-known/authzen-configuration/authzen/${at.record1}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      ...[200, 'application/json; charset=utf-8'],
    ]);
    expect(answer.body).toEqual({
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
      search_subject_endpoint: `${base}/access/v1/search/subject`,
      search_resource_endpoint: `${base}/access/v1/search/resource`,
      search_action_endpoint: `${base}/access/v1/search/action`,
    });
    const own = await app.request('GET', '/.well-known/authzen-configuration');
    const check = 'https://pdp.example.com/api/v2/check';
    expect(own.body).toEqual({
      policy_decision_point: 'https://pdp.example.com',
      access_evaluation_endpoint: check,
      access_evaluations_endpoint: check,
    });
  });
});
