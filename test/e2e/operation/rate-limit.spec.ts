import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { type Answer, operatorKey, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company, expectProblem } from '../v2/company.js';

let app: RunningApp;
let company: Company;
let client: Company;
let time = Date.now();

beforeAll(async () => {
  app = await RunningApp.start({ RATE_LIMIT: '5' });
  jest.spyOn(app.app.get(Clock), 'now').mockImplementation(() => time);
  company = await Company.open(app);
  await pause();
  const id = await company.client();
  const user = await company.user({}, id);
  client = new Company(app, id, { id: user, key: await company.key(user, id) });
});
beforeEach(pause);
afterAll(() => app.stop());

/** Long enough for every bucket to be full again. */
async function pause(): Promise<void> {
  time += 1_000;
  return Promise.resolve();
}

async function times(count: number, request: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) answers.push(await request());
  return answers;
}

const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const profile = ({ admin } = company) => app.v1(admin.key)('GET', '/profile');
const account = ({ admin } = company) => app.v2(admin.key)('GET', '/account');
const header = ({ headers }: Answer, name: string) => headers.get(name);

describe('T010 more requests in a second than the rate, from one company', () => {
  test('are 429 rate_limited in the envelope of v1', async () => {
    const answers = await times(6, profile);
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]?.body).toEqual({
      meta: {
        ...{ status: 429, success: false, error_code: 'rate_limited' },
        error_desc: expect.stringMatching(/\w/),
      },
    });
  });

  test('are 429 rate_limited as a problem on v2', async () => {
    await times(5, account);
    expectProblem(await account(), 429, 'rate_limited');
  });

  test('may come again when Retry-After has passed', async () => {
    await times(5, profile);
    const retryAfter = header(await profile(), 'retry-after');
    expect(retryAfter).toBe('1');
    time += Number(retryAfter) * 1000;
    expect((await profile()).status).toBe(200);
  });

  test('are counted over both versions, all keys, and the client accounts of the company', async () => {
    await times(2, profile);
    await times(2, account);
    expect((await account(client)).status).toBe(200);
    expect([(await profile(client)).status, (await profile()).status]).toEqual([429, 429]);
  });

  test('do not touch another company', async () => {
    const other = await Company.open(app);
    await times(6, profile);
    expect((await profile(other)).status).toBe(200);
  });
});

test('every answer tells the policy and what is left of it, refused ones too', async () => {
  const answers = await times(6, profile);
  for (const answer of answers) expect(header(answer, 'ratelimit-policy')).toBe('"company";q=5;w=1');
  expect(answers.map((answer) => header(answer, 'ratelimit'))).toEqual(
    [4, 3, 2, 1, 0, 0].map((left) => `"company";r=${left};t=1`),
  );
});

test('answers with errors carry the headers as well', async () => {
  const { status, headers } = await app.v2(company.admin.key)('GET', '/groups/none');
  expect([status, headers.get('ratelimit')]).toEqual([404, '"company";r=4;t=1']);
});

test('the limit comes after authentication and before the permission and the input', async () => {
  const { key } = client.admin;
  await times(5, profile);
  expect((await app.v1('wrong')('GET', '/users/1')).status).toBe(401);
  expectProblem(await app.v2(key)('GET', '/users/1/keys'), 429, 'rate_limited');
  expectProblem(await app.v2(key)('POST', '/groups', { name: 5 }), 429, 'rate_limited');
});

test('whoever is not authenticated uses nothing up and hears nothing of the limit', async () => {
  const answers = await times(6, () => app.v1('wrong')('GET', '/profile'));
  expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 401]);
  expect(answers.map((answer) => header(answer, 'ratelimit-policy'))).toEqual(answers.map(() => null));
  expect((await profile()).status).toBe(200);
});

test('health, metrics, the document and the operator’s route are not limited', async () => {
  const admin = { first_name: 'Ann', last_name: 'Archer', email: 'ann@limit.example' };
  for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
    expect(new Set(statuses(await times(7, () => app.request('GET', path))))).toEqual(new Set([200]));
  const opened = await times(7, () => app.v2(operatorKey)('POST', '/companies', { name: 'New', admin }));
  expect(new Set(statuses(opened))).toEqual(new Set([201]));
});

test('a refused write writes nothing', async () => {
  await times(5, profile);
  expect((await company.call('POST', '/groups', { name: 'Late', permissions: [] })).status).toBe(429);
  await pause();
  const groups = await company.call('GET', '/groups');
  expect(pick(groups, 1)).toBeUndefined();
});

test('a slow rate is told in a window of seconds', async () => {
  const slow = await RunningApp.start({ RATE_LIMIT: '0.25' });
  jest.spyOn(slow.app.get(Clock), 'now').mockReturnValue(time);
  const [one, other] = await times(2, () => slow.v1()('GET', '/profile'));
  await slow.stop();
  expect([one?.status, one?.headers.get('ratelimit-policy'), one?.headers.get('ratelimit')]).toEqual([
    ...[200, '"company";q=1;w=4', '"company";r=0;t=4'],
  ]);
  expect([other?.status, other?.headers.get('retry-after')]).toEqual([429, '4']);
});

test('without the setting there is no limit and no word of it', async () => {
  const free = await RunningApp.start();
  const answers = await times(20, () => free.v1()('GET', '/profile'));
  await free.stop();
  expect(new Set(statuses(answers))).toEqual(new Set([200]));
  for (const name of ['ratelimit', 'ratelimit-policy', 'retry-after'])
    expect(answers.map((answer) => header(answer, name))).toEqual(answers.map(() => null));
});
