import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { type Company } from '../v2/company.js';
import { call, furnished, type Ids, webhookIn } from './furnished.js';
import { OpenApiDocument, type Operation } from './openapi-document.js';

/** What is read can be sent back, wherever there is something to read and to change: a new pair is among them by itself. */
let app: RunningApp;
let pairs: readonly Pair[];

interface Pair {
  readonly read: Operation;
  readonly write: Operation;
}

/** Their PUT adds one thing to a list, by another name than the list has. */
const adding = ['/users/{userId}/groups', '/users/{userId}/tab-instances'];

beforeAll(async () => {
  app = await RunningApp.start();
  const { operations } = await OpenApiDocument.of(app);
  pairs = operations
    .filter(({ method, path }) => method === 'GET' && !adding.some((end) => path.endsWith(end)))
    .flatMap((read) =>
      operations
        .filter(({ method, path }) => /^(PUT|PATCH)$/.test(method) && path === read.path)
        .filter(({ responses }) => '200' in responses)
        .map((write) => ({ read, write })),
    );
});

afterAll(() => app.stop());

/** What a read answers, without the envelope of v1. */
const shown = (answer: Answer) => pick(answer, 'data') ?? answer.body;

async function expectToTake(pair: Pair, company: Company, ids: Ids, query = ''): Promise<void> {
  const { read, write } = pair;
  const route = `${write.method} ${write.path}${query}`;
  const [scope = ''] = /client_id=\w+/.exec(query) ?? [];
  const before = await call(read, company, ids, undefined, query);
  expect([route, before.status]).toEqual([route, 200]);
  const revision = await company.revision();
  const answer = await call(write, company, ids, shown(before), scope && `?${scope}`);
  expect([route, answer.status < 300 ? '' : answer.text]).toEqual([route, '']);
  const after = await call(read, company, ids, undefined, query);
  expect([route, after.body]).toEqual([route, before.body]);
  expect([route, after.headers.get('muster-revision')]).toEqual([
    route,
    before.headers.get('muster-revision'),
  ]);
  expect([route, await company.revision()]).toEqual([route, revision]);
}

const takesFull = ({ read }: Pair) => read.parameters.some(({ name }) => name === 'full');
const isScoped = ({ read }: Pair) => read.parameters.some(({ name }) => name === 'client_id');

test('what has every fact can be sent back as it was read, and nothing changes', async () => {
  expect(pairs.length).toBeGreaterThan(10);
  const { company, ids } = await furnished(app);
  for (const pair of pairs) {
    await expectToTake(pair, company, ids);
    if (takesFull(pair)) await expectToTake(pair, company, ids, '?full=true');
  }
});

/** Things of which nothing is said that need not be said. */
async function bare(company: Company, clientId?: string): Promise<Ids> {
  const [userId, groupId] = [await company.user({}, clientId), await company.group([], clientId)];
  const webhookId = await webhookIn(company, clientId);
  const roleId = await company.role([], clientId);
  return { userId, groupId, roleId, webhookId, clientId: await company.client() };
}

test('what has nothing but its name can be sent back as it was read, and nothing changes', async () => {
  const { company } = await furnished(app);
  const ids = await bare(company);
  for (const pair of pairs) {
    await expectToTake(pair, company, ids);
    if (takesFull(pair)) await expectToTake(pair, company, ids, '?full=true');
  }
});

test('what is in a client account, of which nobody is a contact, can be sent back, and nothing changes', async () => {
  const { company } = await furnished(app);
  const client = await company.client();
  const ids = await bare(company, client);
  for (const pair of pairs.filter(isScoped)) {
    await expectToTake(pair, company, ids, `?client_id=${client}`);
    if (takesFull(pair)) await expectToTake(pair, company, ids, `?client_id=${client}&full=true`);
  }
});

test('null for a text that may be empty says on PUT what it says on POST: none', async () => {
  const { company, ids } = await furnished(app);
  const v1 = app.v1(company.admin.key);
  const described = { description: 'Something', external_id: 'x-1' };
  for (const path of [
    `/groups/${ids['groupId']}`,
    `/roles/${ids['roleId']}`,
    `/clients/${ids['clientId']}`,
  ]) {
    expect((await v1('PUT', path, described)).status).toBe(200);
    expect((await v1('PUT', path, { description: null })).status).toBe(200);
    expect(pick(await v1('GET', path), 'data', 'description')).toBe('');
  }
  for (const method of ['PUT', 'PATCH']) {
    await company.call(method, `/groups/${ids['groupId']}`, described);
    const answer = await company.call(method, `/groups/${ids['groupId']}`, { description: null });
    expect([answer.status, pick(answer, 'description')]).toEqual([200, '']);
  }
});

test('null for a contact that somebody is is 400 and says what to do', async () => {
  const { company, ids } = await furnished(app);
  const before = await company.revision();
  for (const contact of ['super_admin', 'technical_contact', 'business_contact']) {
    const body = { name: 'Not now', contacts: { [contact]: null, business_contact: ids['userId'] } };
    const answer = await company.call('PATCH', '/account', {
      ...body,
      contacts: { ...body.contacts, [contact]: null },
    });
    expect([answer.status, pick(answer, 'detail')]).toEqual([
      400,
      expect.stringMatching(new RegExp(`contacts\\.${contact} .*name another`)),
    ]);
  }
  expect(await company.revision()).toBe(before);
});
