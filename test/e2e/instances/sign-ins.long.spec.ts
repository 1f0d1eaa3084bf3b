import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Answer, type ApiClient, pick } from '../../support/api-client.js';
import { atLeast, SharedLog } from '../../support/instances.js';
import { addUser, type Company, openCompany } from '../../support/people.js';
import { pause } from '../../support/pause.js';

let log: SharedLog;
let here: ApiClient;
let there: ApiClient;
let company: Company;
let jane: string;

beforeAll(async () => {
  log = await SharedLog.open({ MUSTER_LOCK_OUT_AFTER: '3' });
  const both = await Promise.all([log.start('here'), log.start('there')]);
  [here, there] = [both[0].client, both[1].client];
});
beforeEach(async () => {
  company = await openCompany(here);
  jane = await addUser(company.admin.v1, { email: `jane@${company.id}.example`, password: 'open sesame' });
  expect((await own(there, atLeast(await own(here)))).status).toBe(200);
});
afterAll(() => log.close());

function own(at: ApiClient, headers: Record<string, string> = {}): Promise<Answer> {
  return at.v2(company.admin.key)('GET', '/account', undefined, { headers });
}

function signIn(at: ApiClient, password = 'open sesame'): Promise<Answer> {
  const credentials = Buffer.from(`jane@${company.id}.example:${password}`).toString('base64');
  return at.request('GET', '/api/1.0/profile', { headers: { authorization: `Basic ${credentials}` } });
}

const user = (at: ApiClient) => at.v1(company.admin.key)('GET', `/users/${jane}`);

/** Asks again until the answer is as wanted: what another instance wrote arrives before long. */
async function becomes(ask: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<void> {
  while (!isWanted(await ask())) await pause();
}

test('a lock made by one instance holds at another, and ends at both when an admin ends it there', async () => {
  for (let times = 0; times < 3; times += 1) expect((await signIn(here, 'wrong')).status).toBe(401);
  await becomes(
    () => signIn(there),
    ({ status }) => status === 401,
  );
  await becomes(
    () => user(there),
    (answer) => pick(answer, 'data', 'is_locked_out') === true,
  );
  expect((await there.v2(company.admin.key)('DELETE', `/users/${jane}/lock`)).status).toBe(204);
  expect((await signIn(there)).status).toBe(200);
  await becomes(
    () => signIn(here),
    ({ status }) => status === 200,
  );
});

test('of two instances that notice a sign-in at a time one records it', async () => {
  const head = async () => Number((await own(here)).headers.get('muster-revision')?.split('@')[1]);
  const before = await head();
  const answers = await Promise.all([signIn(here), signIn(there)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  for (const at of [here, there])
    await becomes(
      () => user(at),
      (answer) => pick(answer, 'data', 'date_last_login') !== null,
    );
  expect(await head()).toBe(before + 1);
  const shown = await Promise.all([user(here), user(there)]);
  expect(pick(shown[0], 'data', 'date_last_login')).toBe(pick(shown[1], 'data', 'date_last_login'));
});
