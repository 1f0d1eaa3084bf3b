import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { atLeast, type Client, SharedLog } from '../../support/instances.js';
import { ServiceProcess } from '../../support/process.js';

const ADMIN = 'a0000000000000000000000000000001';
const ROUNDS = 200;

let log: SharedLog;
let here: Client;
let there: Client;

beforeAll(async () => {
  log = await SharedLog.open();
  [here, there] = (await Promise.all([log.start('here'), log.start('there')])).map(
    ({ client }) => client,
  ) as [Client, Client];
});
afterAll(() => log.close());

/** A user of the company with a key, made at one instance. */
async function userWithKey(at: Client, name: string, roles: readonly string[] = []) {
  const body = { first_name: name, last_name: 'Doe', email: `${name}@example.org`, roles };
  const created = await fetch(`${at.url}/api/1.0/users`, {
    method: 'POST',
    headers: { 'kf-api-key': 'admin-key', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(created.status).toBe(200);
  const { meta } = (await created.json()) as { meta: { location: string } };
  const id = meta.location.split('/')[2] ?? '';
  const issued = await at('POST', `/users/${id}/keys`, { body: { name: 'Key' } });
  expect(issued.status).toBe(201);
  return { id, key: String(issued.body['key']), issued };
}

describe('Two instances on an empty log', () => {
  test('open one company, whose key both accept', async () => {
    const [one, other] = await Promise.all([here('GET', '/account'), there('GET', '/account')]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.body).toEqual(other.body);
  });
});

describe('What one instance has written', () => {
  test('another reads at once for a caller who says at which revision', async () => {
    for (let round = 0; round < 50; round += 1) {
      const [at, from] = round % 2 === 0 ? [here, there] : [there, here];
      const created = await at('POST', '/groups', { body: { name: `Group ${round}` } });
      expect(created.status).toBe(201);
      const id = String(created.body['id']);
      const read = await from('GET', `/groups/${id}`, { headers: atLeast(created) });
      expect([read.status, read.body['name']]).toEqual([200, `Group ${round}`]);
    }
  });

  test('another shows before long without that', async () => {
    const created = await here('POST', '/groups', { body: { name: 'Slow' } });
    const path = `/groups/${String(created.body['id'])}`;
    while ((await there('GET', path)).status !== 200) await new Promise(setImmediate);
  });

  test('lets a key in elsewhere at once, also with a revision that is honoured before authentication', async () => {
    const { id, key } = await userWithKey(here, 'quick');
    expect((await there('GET', '/account', { key })).status).toBe(200);
    const { key: other, issued } = await userWithKey(there, 'sure');
    expect((await here('GET', '/account', { key: other, headers: atLeast(issued) })).status).toBe(200);
    expect((await there('GET', `/users/${id}/keys`)).status).toBe(200);
  });
});

describe('Muster-At-Least', () => {
  test('with a revision that is in no log answers 503, and says when to come again', async () => {
    const { headers } = await here('GET', '/account');
    const [account = ''] = (headers.get('muster-revision') ?? '').split('@');
    for (const wanted of [`${account}@999999`, `${'f'.repeat(32)}@0`]) {
      const late = await here('GET', '/account', { headers: { 'Muster-At-Least': wanted } });
      expect([late.status, late.body['code'], late.headers.get('retry-after')]).toEqual([
        503,
        'unavailable',
        '1',
      ]);
    }
  });

  test('is honoured before the key is looked at', async () => {
    const wanted = { 'Muster-At-Least': `${'f'.repeat(32)}@0` };
    expect((await here('GET', '/account', { key: 'wrong', headers: wanted })).status).toBe(503);
  });

  test.each([
    '',
    '@',
    'x',
    'x@',
    'x@y',
    'x@1.5',
    'x@-2',
    'x@1,',
    'x@1 y@2',
    '@1',
    Array(9).fill('x@0').join(),
  ])('%j is refused as malformed', async (header) => {
    const answer = await here('GET', '/account', { headers: { 'Muster-At-Least': header } });
    expect([answer.status, answer.body['code']]).toEqual([400, 'bad_request']);
  });

  test('may name several accounts', async () => {
    const { headers } = await here('GET', '/account');
    const own = headers.get('muster-revision') ?? '';
    const answer = await there('GET', '/account', { headers: { 'Muster-At-Least': `${own}, ${own}` } });
    expect(answer.status).toBe(200);
  });
});

describe('The last admins', () => {
  test(`of ${ROUNDS} companies are two, one removed at each instance at once: exactly one is`, async () => {
    const { body } = await here('POST', '/companies', {
      key: 'operator-key',
      body: {
        name: 'Contested',
        admin: { first_name: 'A', last_name: 'A', email: 'a@example.net', password: 'long enough 1' },
      },
    });
    const key = String(body['api_key']);
    const first = String(body['admin_user_id']);
    const v1 = (at: Client, method: string, path: string, data?: object) =>
      fetch(`${at.url}/api/1.0${path}`, {
        ...{ method, body: data === undefined ? null : JSON.stringify(data) },
        headers: { 'kf-api-key': key, 'content-type': 'application/json' },
      });
    const created = await v1(here, 'POST', '/users', {
      ...{ first_name: 'B', last_name: 'B', email: 'b@example.net', roles: [ADMIN] },
    });
    const { meta } = (await created.json()) as { meta: { location: string } };
    const second = meta.location.split('/')[2] ?? '';
    const issued = await here('POST', `/users/${second}/keys`, { key, body: { name: 'Key' } });
    const secondKey = String(issued.body['key']);
    await there('GET', '/account', { key, headers: atLeast(issued) });
    let holders = new Set([first, second]);
    for (let round = 0; round < ROUNDS; round += 1) {
      const pairs = [
        { at: here, user: first },
        { at: there, user: second },
      ];
      const answers = await Promise.all(
        pairs.map(({ at, user }) => v1(at, 'DELETE', `/roles/${ADMIN}/users/${user}`)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect([round, statuses]).toEqual([round, [200, 403]]);
      const kept = answers[0]?.status === 200 ? second : first;
      const keeper = kept === first ? key : secondKey;
      holders = new Set([kept]);
      const lost = kept === first ? second : first;
      const revision = answers.find(({ status }) => status === 200)?.headers.get('muster-revision') ?? '';
      const back = await fetch(`${here.url}/api/1.0/roles/${ADMIN}/users/${lost}`, {
        method: 'PUT',
        headers: { 'kf-api-key': keeper, 'muster-at-least': revision },
      });
      expect([round, back.status]).toEqual([round, 200]);
      await there('GET', '/account', {
        key,
        headers: { 'Muster-At-Least': back.headers.get('muster-revision') ?? '' },
      });
    }
    expect(holders.size).toBe(1);
  });
});

test('Instances stop when they are asked to', async () => {
  const { service } = await log.start('third');
  expect(await service.stop()).toBe(0);
  await ServiceProcess.killAll();
});
