import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminKey, type Answer, type ApiClient, pick } from '../../support/api-client.js';
import { atLeast, SharedLog } from '../../support/instances.js';
import { addAdmin, addClient, addUser, ADMIN, giveKey, openCompany } from '../../support/people.js';
import { pause } from '../../support/pause.js';

const ROUNDS = 200;

let log: SharedLog;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  log = await SharedLog.open();
  const [one, other] = await Promise.all([log.start('here'), log.start('there')]);
  [here, there] = [one.client, other.client];
});
afterAll(() => log.close());

function own(at: ApiClient, headers: Record<string, string> = {}, key = adminKey): Promise<Answer> {
  return at.v2(key)('GET', '/account', undefined, { headers });
}

describe('Two instances on an empty log', () => {
  test('open one company, whose key both accept', async () => {
    const [one, other] = await Promise.all([own(here), own(there)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.body).toEqual(other.body);
  });
});

describe('What one instance has written', () => {
  test('another reads at once for a caller who says at which revision', async () => {
    for (let round = 0; round < 50; round += 1) {
      const [at, from] = round % 2 === 0 ? [here, there] : [there, here];
      const created = await at.v2()('POST', '/groups', { name: `Group ${round}`, permissions: [] });
      expect(created.status).toBe(201);
      const path = `/groups/${String(pick(created, 'id'))}`;
      const read = await from.v2()('GET', path, undefined, { headers: atLeast(created) });
      expect([read.status, pick(read, 'name')]).toEqual([200, `Group ${round}`]);
    }
  });

  test('another shows before long without that', async () => {
    const created = await here.v2()('POST', '/groups', { name: 'Slow', permissions: [] });
    const path = `/groups/${String(pick(created, 'id'))}`;
    while ((await there.v2()('GET', path)).status !== 200) await pause();
  });

  test('lets a key in elsewhere at once', async () => {
    const { admin } = await openCompany(here);
    expect((await own(there, {}, admin.key)).status).toBe(200);
    const { key } = await giveKey(there, admin, admin.id);
    expect((await own(here, {}, key)).status).toBe(200);
  });

  test('does not let in a key that was never issued', async () => {
    const { id } = await openCompany(here);
    expect((await own(there, {}, `mk_${id}_${'x'.repeat(43)}`)).status).toBe(401);
    expect((await own(there, {}, `mk_${'f'.repeat(32)}_${'x'.repeat(43)}`)).status).toBe(401);
  });
});

describe('Muster-At-Least', () => {
  const nowhere = { 'Muster-At-Least': `${'f'.repeat(32)}@0` };

  test('with a revision that is in no log answers 503, and says when to come again', async () => {
    const [account = ''] = ((await own(here)).headers.get('muster-revision') ?? '').split('@');
    const headers = { 'Muster-At-Least': `${account}@999999` };
    const late = await own(here, headers);
    expect([late.status, pick(late, 'code'), late.headers.get('retry-after')]).toEqual([
      ...[503, 'unavailable', '1'],
    ]);
    const ofV1 = await here.v1()('GET', '/users', undefined, { headers });
    expect([ofV1.status, pick(ofV1, 'meta', 'error_code')]).toEqual([503, 'unavailable']);
  });

  test('X90: is ignored for an account that is not of the caller’s tree, be there one or not', async () => {
    const stranger = await openCompany(there);
    expect((await own(here, nowhere)).status).toBe(200);
    expect((await own(here, { 'Muster-At-Least': `${stranger.id}@999999` })).status).toBe(200);
  });

  test('X90: is not honoured before the key is looked at', async () => {
    expect((await own(here, nowhere, 'wrong')).status).toBe(401);
  });

  test('lets nobody in by a key that was revoked at that revision', async () => {
    const { admin } = await openCompany(here);
    const { key } = await giveKey(here, admin, admin.id);
    const listed = await admin.v2('GET', `/users/${admin.id}/keys`);
    const newest = (listed.body as { id: string }[]).at(-1);
    expect((await own(there, {}, key)).status).toBe(200);
    const revoked = await admin.v2('DELETE', `/users/${admin.id}/keys/${newest?.id}`);
    expect((await own(there, atLeast(revoked), key)).status).toBe(401);
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
    const answer = await own(here, { 'Muster-At-Least': header });
    expect([answer.status, pick(answer, 'code')]).toEqual([400, 'bad_request']);
  });

  test('may name several accounts', async () => {
    const { id, admin } = await openCompany(here);
    const client = await addClient(admin.v1);
    const headers = { 'Muster-At-Least': `${id}@1, ${client}@0` };
    expect((await own(there, headers, admin.key)).status).toBe(200);
  });
});

describe('The two last admins of an account', () => {
  test(`removed one at each instance at once: exactly one is, in ${ROUNDS} rounds`, async () => {
    const { admin } = await openCompany(here);
    const client = await addClient(admin.v1);
    const add = () => addUser(admin.v1, { roles: [ADMIN] }, client);
    const users = [await add(), await add()] as const;
    const path = (user: string) => `/roles/${ADMIN}/users/${user}?client_id=${client}`;
    let before = await admin.v1('GET', `/users?client_id=${client}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      const headers = atLeast(before);
      const answers = await Promise.all(
        [here, there].map((at, index) =>
          at.v1(admin.key)('DELETE', path(users[index] ?? ''), undefined, { headers }),
        ),
      );
      const told = answers.map((answer) => pick(answer, 'meta', 'error_code') ?? answer.status);
      expect([round, told.sort()]).toEqual([round, [200, 'admin_role_requires_user']]);
      const removed = answers.findIndex(({ status }) => status === 200);
      const seen = { headers: atLeast(answers[removed] ?? before) };
      before = await there.v1(admin.key)('PUT', path(users[removed] ?? ''), undefined, seen);
      expect([round, before.status]).toEqual([round, 200]);
    }
  });
});

test('Users whom one instance lets act are known to the other with their rights', async () => {
  const { admin } = await openCompany(here);
  const boss = await addAdmin(here, admin);
  const created = await there.v2(boss.key)('POST', '/groups', { name: 'By the boss', permissions: [] });
  expect(created.status).toBe(201);
});

describe('A client account', () => {
  test('that is disabled at one instance is shut at the other, and open again when it is enabled', async () => {
    const { admin } = await openCompany(here);
    const client = await addClient(admin.v1);
    const { key } = await addAdmin(here, admin, client);
    expect((await own(there, {}, key)).status).toBe(200);
    for (const [status, expected] of [
      ['disabled', 401],
      ['active', 200],
    ] as const) {
      const changed = await here.v1(admin.key)('PUT', `/clients/${client}`, { status });
      expect((await own(there, atLeast(changed), key)).status).toBe(expected);
    }
  });

  test('that is closed at one instance is not found at the other, whatever that knows of it', async () => {
    const { admin } = await openCompany(here);
    const client = await addClient(admin.v1);
    const headers = { 'Muster-At-Least': `${client}@0` };
    const body = { name: 'G', client_id: client };
    const known = await there.v1(admin.key)('POST', '/groups', body, { headers });
    expect(known.status).toBe(201);
    expect((await here.v1(admin.key)('DELETE', `/clients/${client}`)).status).toBe(200);
    const late = await there.v1(admin.key)('PUT', `/clients/${client}`, { seats: 5 });
    expect([late.status, pick(late, 'meta', 'error_code')]).toEqual([404, 'client_not_found']);
  });
});
