import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Execute } from '../../src/application/execute.js';
import { type AccountEventRecord, accountStream, encode } from '../../src/event-store/codec.js';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { RandomLog, steps } from '../read/random-log.js';
import { Answers } from '../support/answers.js';
import { CommandsFor } from '../support/commands.js';
import { user } from '../support/domain.js';
import { unavailable } from '../support/eventstoredb/failure.js';
import type { AppendFault } from '../support/eventstoredb/faults.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { recordsOf, runAll } from '../support/execute.js';
import { dump, Instance, rebuilt, until } from '../support/views.js';

const [acme, client] = [new CommandsFor('acme'), new CommandsFor('client')];
const options = { patienceMs: 1_000, heartbeatMs: 50 };

let peer: Peer;
let store: EventStoreDbEventStore;
let instance: Instance;
let answers: Answers;
beforeEach(async () => {
  peer = await Peer.start();
  store = EventStoreDbEventStore.open(peer.url, options);
  instance = await Instance.start(store);
  answers = new Answers(instance.execute);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await instance.stop();
  await store.close();
  await peer.stop();
});

async function open(): Promise<void> {
  await runAll(instance.execute, acme.open(), client.openUnder('acme'));
  await runAll(instance.execute, acme.createUser('max'), client.createUser('zoe'));
}

/** Many at once, to two accounts; two of them must be refused. */
async function runMany(name: string): Promise<void> {
  const ids = Array.from({ length: 12 }, (_, n) => `${name}-${n}`);
  const commands = ids.flatMap((id) => [acme.createUser(`a-${id}`), client.createUser(`c-${id}`)]);
  const nobody = { user_id: 'nobody', first_name: 'N' };
  const refused = [acme.updateUser(nobody), client.updateUser(nobody)];
  await Promise.all([...commands, ...refused].map((command) => answers.run(command)));
}

/** The events of an account, read as often as it takes: a read ends when the connection is lost for another call. */
async function readAgain(account: string): Promise<AccountEventRecord[]> {
  for (;;) {
    try {
      return await recordsOf(store, account);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
}

/** What was answered is true, and the views of these instances are those of a rebuild. */
async function expectTruth(all: readonly Answers[] = [answers], instances = [instance]): Promise<void> {
  const stored = [...(await readAgain('acme')), ...(await readAgain('client'))];
  for (const one of all) one.expectTrue(stored);
  const views = await rebuilt(store);
  for (const one of instances) {
    for (const { account, revision } of stored) await one.reached(account, revision);
    // What a fault has stopped, even with everything read, goes on by itself.
    await until(() => one.projector.stoppedAccounts.length === 0);
    expect(dump(one.views)).toEqual(views);
  }
}

const faults: readonly AppendFault[] = [
  ...(['lose', 'take-and-lose', 'ignore', 'swallow', 'timeout', 'take-and-timeout'] as const),
  ...(['unavailable', 'take-and-unavailable', 'not-ready', 'end'] as const),
];

describe('While appends go wrong', () => {
  beforeEach(open);

  it.each(faults)('(%s) every command gets its true outcome', async (fault) => {
    peer.nextAppends(fault, fault);
    await runMany('one');
    await runMany('two');
    expect(answers.counts).toEqual({ acknowledged: 48, refused: 4, unknown: 0 });
    await expectTruth();
  });

  it('(access-denied) callers are told that the outcome is unknown, and later ones are served', async () => {
    peer.nextAppends('access-denied');
    await runMany('one');
    expect(answers.counts.unknown).toBeGreaterThan(0);
    await runMany('two');
    expect(answers.counts.acknowledged).toBeGreaterThanOrEqual(24);
    await expectTruth();
  });

  it('(the server is down) callers hear of it within the patience of their commands, and later ones are served', async () => {
    const execute = new Execute(
      store,
      (account, records) => instance.projector.apply(account, records),
      instance.views.tree,
      undefined,
      undefined,
      {
        patienceMs: 1_500,
      },
    );
    const impatient = new Answers(execute);
    await impatient.run(acme.createUser('before'));
    await peer.down();
    await Promise.all([impatient.run(acme.createUser('amid')), impatient.run(client.createUser('between'))]);
    expect(impatient.counts).toEqual({ acknowledged: 1, refused: 0, unknown: 2 });
    await peer.up();
    await impatient.run(acme.createUser('after'));
    await runMany('one');
    await expectTruth([impatient, answers]);
    await execute.close();
  });

  it('another writer, straight into the stream, comes before what was decided without it', async () => {
    const revision = instance.projector.revisionOf('acme');
    const { meta } = acme.createUser('eve');
    const place = {
      account: 'acme',
      revision: revision + 1,
      actorRevision: null,
      time: new Date().toISOString(),
    };
    const [event] = encode([user('eve')], meta, place, randomUUID);
    if (!event) throw new Error('Nothing was encoded');
    peer.append(accountStream('acme'), [event.proposed], revision);
    const [update, next] = [acme.updateUser({ user_id: 'eve', last_name: 'Roe' }), acme.createUser('ida')];
    await Promise.all([answers.run(update), answers.run(next)]);
    expect(answers.counts).toEqual({ acknowledged: 2, refused: 0, unknown: 0 });
    const log = await recordsOf(store, 'acme', revision);
    expect(log.map(({ event: { data } }) => data)).toMatchObject([
      { user_id: 'eve' },
      { user_id: 'eve', last_name: 'Roe' },
      { user_id: 'ida' },
    ]);
    await expectTruth();
  });
});

describe('While the subscription goes wrong', () => {
  beforeEach(open);
  const dropAndRefuse = () => {
    peer.subscriptions.refusals.push(unavailable());
    peer.subscriptions.drop();
  };

  it.each<[string, () => unknown]>([
    ['is dropped', () => peer.subscriptions.drop()],
    ['comes to an end', () => peer.subscriptions.end()],
    ['is cut', () => peer.cut()],
    ['stalls for a while', () => peer.subscriptions.stall()],
    ['gives everything twice', () => (peer.subscriptions.twice = true)],
    ['is refused again', () => dropAndRefuse()],
    ['is gone with the server', () => peer.down().then(() => peer.up())],
  ])('(it %s) commands get their true outcomes and the views miss nothing', async (_, misbehave) => {
    const other = await Instance.start(EventStoreDbEventStore.open(peer.url, options));
    const running = runMany('one');
    await misbehave();
    await running;
    await runMany('two');
    peer.subscriptions.resume();
    expect(answers.counts).toEqual({ acknowledged: 48, refused: 4, unknown: 0 });
    await expectTruth([answers], [instance, other]);
    await other.stop();
    await other.store.close();
  });
});

describe('An instance that hears nothing of the log for ten seconds', () => {
  /** Lets the clock of the service go ahead, but no timer. */
  function goAhead(ms: number): void {
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  }

  it('may show what is out of date, until the server is back', async () => {
    await open();
    expect(instance.projector.isStale).toBe(false);
    await peer.down();
    expect(instance.projector.isStale).toBe(false);
    goAhead(11_000);
    expect(instance.projector.isStale).toBe(true);
    await peer.up();
    await until(() => !instance.projector.isStale);
    expect(instance.projector.isCaughtUp).toBe(true);
  });

  it('but of its own appends may, too, until the subscription brings them', async () => {
    await open();
    peer.subscriptions.stall();
    await answers.run(acme.createUser('ida'));
    goAhead(11_000);
    // What was on its way before may come yet, and begins the ten seconds anew.
    await until(() => instance.projector.isStale);
    peer.subscriptions.resume();
    await until(() => !instance.projector.isStale);
  });

  it('may not, when the subscription brought its append before the answer came', async () => {
    await open();
    const before = instance.projector.revisionOf('acme');
    const held = peer.holdAppend('answer');
    const created = answers.run(acme.createUser('ida'));
    await until(() => instance.projector.revisionOf('acme') > before);
    held.release();
    await created;
    goAhead(11_000);
    const reads = peer.reads.ofAll;
    await until(() => peer.reads.ofAll > reads + 1);
    expect(instance.projector.isStale).toBe(false);
  });
});

describe('Two instances on a server that misbehaves at random', () => {
  it.each([1, 2, 3])('tell the truth and see it (seed %d)', async (seed) => {
    let state = seed;
    const roll = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    const take = peer.appends.take.bind(peer.appends);
    peer.appends.take = (request) => {
      const fault = faults[Math.floor(roll() * 4 * faults.length)];
      if (fault !== undefined) peer.nextAppends(fault);
      const luck = roll();
      if (luck < 0.03) peer.subscriptions.drop();
      else if (luck < 0.06) peer.subscriptions.end();
      else if (luck < 0.09) peer.nextReads('unavailable', { cutAfter: 2 });
      else if (luck < 0.1) peer.nextReads('hang');
      return take(request);
    };
    const other = await Instance.start(
      EventStoreDbEventStore.open(peer.url, { ...options, patienceMs: 500 }),
    );
    const both = [instance, other].map((one) => new Answers(one.execute));
    const random = new RandomLog();
    const drafts = fc.sample(steps, { seed, numRuns: 4 });
    await Promise.all(
      both.map(async (one, index) => {
        for (const some of drafts.filter((_, n) => n % 2 === index)) await random.run(one, some);
      }),
    );
    peer.appends.take = take;
    await expectTruth(both, [instance, other]);
    for (const { counts } of both) expect(counts.acknowledged).toBeGreaterThan(5);
    await other.stop();
    await other.store.close();
  });
});
