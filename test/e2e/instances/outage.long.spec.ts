import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { adminKey, type Answer, type ApiClient, pick } from '../../support/api-client.js';
import { BlackHole } from '../../support/eventstoredb/black-hole.js';
import { Cluster } from '../../support/eventstoredb/cluster.js';
import { accessDenied } from '../../support/eventstoredb/failure.js';
import { Peer } from '../../support/eventstoredb/peer.js';
import { atLeast, isReady, SharedLog } from '../../support/instances.js';
import { addClient, giveKey, openCompany, userFacts } from '../../support/people.js';
import { pause } from '../../support/pause.js';

let peer: Peer;
let log: SharedLog;

async function begin(): Promise<void> {
  peer = await Peer.start();
  log = new SharedLog(peer.url, peer);
}

/** A peer for each test. */
function peers(): void {
  beforeEach(begin);
  afterEach(() => log.close());
}

/** One peer for all tests: a start of an instance is the work of seconds. */
function onePeer(): void {
  beforeAll(begin);
  afterAll(() => log.close());
}

async function readiness(url: string): Promise<unknown> {
  return (await fetch(`${url}/health/ready`)).json();
}

/** The events of that type in the whole log, by the addresses they carry. */
function created(): string[] {
  return peer.log.all
    .filter(({ type }) => type === 'UserCreated')
    .map(({ data }) => (JSON.parse(Buffer.from(data).toString()) as { email: string }).email);
}

describe('An instance whose event store is down at its start', () => {
  peers();

  test('says so, waits for it, and then opens its company', async () => {
    await peer.down();
    const service = log.spawn('early');
    const url = await service.listening();
    await service.says('check that the server runs');
    expect(await readiness(url)).toMatchObject({ status: 'down', event_store: 'out of reach' });
    const early = await fetch(`${url}/api/v2/account`, { headers: { authorization: `Bearer ${adminKey}` } });
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    await peer.up();
    await isReady(url);
    const late = await fetch(`${url}/api/v2/account`, { headers: { authorization: `Bearer ${adminKey}` } });
    expect(late.status).toBe(200);
  });
});

describe('An instance whose event store goes down', () => {
  let client: ApiClient;
  onePeer();
  beforeAll(async () => {
    ({ client } = await log.start('steady'));
  });

  test('for longer than ten seconds is not ready, lets nobody in, and comes back by itself', async () => {
    await peer.down();
    const early = await client.v1()('GET', '/users');
    expect(early.status).toBe(200);
    await isReady(client.url, false);
    expect(await readiness(client.url)).toMatchObject({
      status: 'down',
      event_store: 'out of reach',
      views: 'up',
    });
    const refused = await client.v1()('GET', '/users');
    expect([refused.status, pick(refused, 'meta', 'error_code')]).toEqual([503, 'unavailable']);
    expect((await fetch(`${client.url}/health/live`)).status).toBe(200);
    await peer.up();
    await isReady(client.url);
    expect((await client.v1()('GET', '/users')).status).toBe(200);
  });

  test('that stops and starts under load loses and doubles nothing that was acknowledged', async () => {
    const answers: { email: string; answer: Answer }[] = [];
    let isOver = false;
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      for (let turn = 0; !isOver; turn += 1) {
        const email = `user-${caller}-${turn}@example.com`;
        answers.push({ email, answer: await client.v1()('POST', '/users', userFacts({ email })) });
      }
    });
    for (let round = 0; round < 5; round += 1) {
      const before = peer.appends.received;
      await peer.until(() => peer.appends.received > before + 5);
      await peer.down();
      await peer.up();
    }
    const count = answers.length;
    while (answers.length < count + 50) await pause();
    isOver = true;
    await Promise.all(callers);
    const stored = created();
    expect(new Set(stored).size).toBe(stored.length);
    const done = answers.filter(({ answer }) => answer.status === 201);
    for (const { email } of done) expect(stored).toContain(email);
    for (const { answer } of answers) expect([201, 503]).toContain(answer.status);
    expect(done.length).toBeGreaterThan(50);
    const listed = await client.v1()('GET', '/users?limit=1');
    expect(pick(listed, 'meta', 'total')).toBe(stored.length);
  });

  test('tells a command within ten seconds, also those that wait behind it', async () => {
    await client.v1()('POST', '/users', userFacts());
    await peer.down();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.v1()('POST', '/users', userFacts())),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(503));
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(5).fill('1'));
    await peer.up();
    await isReady(client.url);
    expect((await client.v1()('POST', '/users', userFacts())).status).toBe(201);
  });
});

describe('An instance that does not know a key and cannot look it up at once', () => {
  let here: ApiClient;
  let there: ApiClient;
  onePeer();
  beforeAll(async () => {
    const [one, other] = await Promise.all([log.start('here'), log.start('there')]);
    [here, there] = [one.client, other.client];
  });
  afterEach(() => peer.subscriptions.resume());

  test.each(['unavailable', 'hang'] as const)('(%s) looks again, and lets its owner in', async (fault) => {
    const { admin } = await openCompany(here);
    expect((await there.v2(admin.key)('GET', '/account')).status).toBe(200);
    peer.subscriptions.stall();
    const { key } = await giveKey(here, admin, admin.id);
    peer.nextReads(fault);
    expect((await there.v2(key)('GET', '/account')).status).toBe(200);
  });

  test('for longer than it may wait does not say that the key is wrong', async () => {
    const { id } = await openCompany(here);
    await peer.down();
    const answer = await here.v2(`mk_${id}_${'x'.repeat(43)}`)('GET', '/account');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('Two instances whose leader is lost under every kind of load', () => {
  test('answer nothing with 503 while another one is elected', async () => {
    const cluster = await Cluster.start();
    const shared = new SharedLog(cluster.url);
    const [here, there] = [(await shared.start('here')).client, (await shared.start('there')).client];
    const { id, admin } = await openCompany(here);
    const clients: string[] = [];
    while (clients.length < 16) clients.push(await addClient(admin.v1));
    const colder = there.v1(admin.key);
    let cold = 0;
    const kinds: readonly (readonly [number, () => Promise<Answer>])[] = [
      [201, () => here.v1(admin.key)('POST', '/users', userFacts())],
      [404, () => here.v1(admin.key)('PUT', `/users/${'f'.repeat(32)}`, { first_name: 'N' })],
      [201, () => here.v1(admin.key)('POST', `/users?client_id=${clients[0]}`, userFacts())],
      [404, () => here.v1(admin.key)('DELETE', `/users/${'f'.repeat(32)}?client_id=${clients[1]}`)],
      // Accounts that the other instance has never written to.
      [201, () => colder('POST', `/users?client_id=${clients[2 + (cold++ % 14)]}`, userFacts())],
      [
        200,
        async () => {
          const written = await here.v1(admin.key)('POST', '/users', userFacts());
          return colder('GET', '/users?limit=1', undefined, { headers: atLeast(written) });
        },
      ],
      [401, () => there.v2(`mk_${id}_${'x'.repeat(43)}`)('GET', '/account')],
      [200, async () => there.v2((await giveKey(here, admin, admin.id)).key)('GET', '/account')],
    ];
    const wrong: unknown[] = [];
    const done = kinds.map(() => 0);
    let isOver = false;
    const load = kinds.map(async ([status, ask], kind) => {
      while (!isOver) {
        const answer = await ask();
        done[kind] = (done[kind] ?? 0) + 1;
        if (answer.status !== status) wrong.push([kind, answer.status, answer.text]);
      }
    });
    /** Waits until so many more of every kind are counted. */
    const each = async (counts: readonly number[], more: number) => {
      const before = [...counts];
      while (!counts.every((count, kind) => count >= (before[kind] ?? 0) + more)) await pause();
    };
    await each(done, 2);
    cluster.lead(undefined);
    await cluster.first.down();
    // The outage itself: what was under way waits for its end.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    cluster.lead(cluster.second);
    await each(done, 3);
    isOver = true;
    await Promise.all(load);
    expect(wrong).toEqual([]);
    await shared.close();
    await cluster.stop();
  });
});

describe('An instance whose event store takes connections and never answers', () => {
  peers();

  test('refuses within ten seconds, is not ready after that, and comes back on a new connection', async () => {
    const hole = await BlackHole.before(peer.port);
    const { client, service } = await new SharedLog(hole.url).start('lost');
    await client.v1()('POST', '/users', userFacts());
    hole.open();
    const created = await client.v1()('POST', '/users', userFacts());
    expect([created.status, created.headers.get('retry-after')]).toEqual([503, '1']);
    await isReady(client.url, false);
    hole.close();
    await isReady(client.url);
    expect((await client.v1()('POST', '/users', userFacts())).status).toBe(201);
    // However often it has tried: the one that is dead until its keep-alive ends it, and the new one.
    await hole.untilAtMost(2);
    expect(await service.stop()).toBe(0);
    await hole.remove();
  });

  test('stops when it is asked to, even if it never started', async () => {
    const hole = await BlackHole.before(peer.port);
    hole.open();
    const service = new SharedLog(hole.url).spawn('never');
    await service.says('The start waits for the event store');
    expect(await service.stop()).toBe(0);
    await hole.remove();
  });
});

describe('An instance that cannot use the event store it is given', () => {
  peers();

  test('ends with a message when the credentials are wrong', async () => {
    const secured = await Peer.start({ tls: true, credentials: { username: 'muster', password: 'right' } });
    const service = new SharedLog(secured.url.replace('right', 'hush')).spawn('denied');
    expect(await service.ended).toBe(1);
    expect(service.stdout).toContain('check user and password in the connection string');
    expect(service.stdout + service.stderr).not.toContain('hush');
    await secured.stop();
  });

  test('ends with a message when it may not read all streams, as with a wrong password', async () => {
    peer.subscriptions.refusals.push(accessDenied());
    const service = log.spawn('restricted');
    expect(await service.ended).toBe(1);
    expect(service.stdout).toContain('EventStoreDB denies access to $all');
  });

  test('says what to do when one of both speaks TLS', async () => {
    const service = new SharedLog(peer.url.replace('tls=false', 'tls=true')).spawn('mismatched');
    await service.says('add tls=false');
    const url = await service.listening();
    expect(await readiness(url)).toMatchObject({ status: 'down', event_store: 'out of reach' });
    expect(await service.stop()).toBe(0);
  });

  test('does not start with a connection string that is wrong', async () => {
    const service = new SharedLog('esdb://user:hu:sh@host?tsl=false').spawn('misspelt');
    expect(await service.ended).toBe(1);
    expect(service.stderr).toMatch(
      /^Muster does not start:\nThe connection string of EventStoreDB is wrong/m,
    );
    expect(service.stderr).not.toContain('sh@');
  });
});
