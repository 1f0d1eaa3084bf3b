import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/domain/aggregates.js';
import { accountStream } from '../../src/event-store/codec.js';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { executeOn, runAll, WatchedStore } from '../support/execute.js';
import { Instance, until } from '../support/views.js';

const [acme, client] = [new CommandsFor('acme'), new CommandsFor('client')];

describe('While the server is away for a while', () => {
  let peer: Peer;
  let server: EventStoreDbEventStore;
  let store: WatchedStore;
  let instance: Instance;

  beforeEach(async () => {
    peer = await Peer.start();
    server = EventStoreDbEventStore.open(peer.url, { patienceMs: 1_000, heartbeatMs: 50 });
    store = new WatchedStore(server);
    instance = await Instance.start(store);
    await runAll(instance.execute, acme.open(), client.openUnder('acme'), client.createUser('zoe'));
    await runAll(instance.execute, client.by(acme.admin, 'acme').createUser('max'));
  });
  afterEach(async () => {
    await instance.stop();
    await server.close();
    await peer.stop();
  });

  /** Has the server come back once the work has failed to read a few times. */
  async function outage<Result>(work: () => Promise<Result>): Promise<Result> {
    await peer.down();
    const before = store.reads.length;
    const result = work();
    await until(() => store.reads.length > before + 3);
    await peer.up();
    return result;
  }

  const nobody = { user_id: 'nobody', first_name: 'N' };
  it.each<[string, Command, object]>([
    ['a refusal, which is proven at the head', acme.updateUser(nobody), { code: 'user_not_found' }],
    ['a command without effect', acme.updateUser({ user_id: acme.admin, first_name: 'Ann' }), { events: [] }],
    ['a command in a client by a user of the company', client.by(acme.admin, 'acme').createUser('eve'), {}],
    ['a refusal of one', client.by(acme.admin, 'acme').updateUser(nobody), { code: 'user_not_found' }],
    [
      'a refusal for want of rights',
      client.by('nobody', 'acme').createUser('eve'),
      { code: 'access_denied' },
    ],
  ])('%s waits for it', async (_, command, expected) => {
    const answer = await outage(() => instance.execute.run(command).catch((error: unknown) => error));
    expect(answer).toMatchObject(expected);
    expect(answer).not.toMatchObject({ code: 'unavailable' });
  });

  it('a command to an account that is not in memory waits for it', async () => {
    const cold = executeOn(store);
    const { events } = await outage(() => cold.run(acme.createUser('eve')));
    expect(events[0]).toMatchObject({ type: 'UserCreated' });
    await cold.close();
  });

  it('whoever must see what another instance has written waits for it', async () => {
    const other = EventStoreDbEventStore.open(peer.url);
    peer.subscriptions.stall();
    const revision = instance.projector.revisionOf('acme');
    await runAll(executeOn(other), acme.createUser('eve'), acme.createUser('ida'));
    const reached = await outage(() =>
      Promise.all([
        ...[1, 2, 3].map((more) => instance.projector.reach('acme', revision + more)),
        instance.projector.reach('acme', Infinity),
      ]),
    );
    expect(reached).toEqual([true, true, false, false]);
    await other.close();
  });

  it('what an instance lacks of an account that it writes to is read when it is back, and the views go on', async () => {
    const other = EventStoreDbEventStore.open(peer.url);
    peer.subscriptions.stall();
    await runAll(executeOn(other), acme.createUser('eve'));
    await runAll(instance.execute, acme.updateUser(nobody)).catch(() => undefined);
    // The third read is that of the views, which lack an event in between.
    let failures = 0;
    store.beforeRead = () => {
      failures += 1;
      if (failures < 3) throw new StoreUnavailable('away');
    };
    const { revision } = await instance.execute.run(acme.createUser('ida'));
    expect(failures).toBeGreaterThanOrEqual(3);
    expect(instance.projector.revisionOf('acme')).toBe(revision);
    expect(instance.projector.stoppedAccounts).toEqual([]);
    await other.close();
  });
});

describe('When the store does not answer for longer than a command waits', () => {
  const limits = { patienceMs: 2_500 };
  let store: WatchedStore;
  /** The streams that cannot be read. */
  const lost = new Set<string>();

  beforeEach(async () => {
    lost.clear();
    store = new WatchedStore(new MemoryEventStore(false));
    store.beforeRead = (stream) => {
      if (lost.has(stream)) throw new StoreUnavailable('away');
    };
    await runAll(executeOn(store), acme.open(), client.openUnder('acme'), client.createUser('zoe'));
  });

  it('that command alone is given up: the next one of the queue has a wait of its own', async () => {
    const execute = executeOn(store, limits);
    await runAll(execute, acme.createUser('warm'));
    lost.add(accountStream('acme'));
    const early = execute.run(acme.updateUser({ user_id: 'nobody', first_name: 'N' }));
    const reads = store.reads.length;
    await until(() => store.reads.length > reads + 6);
    const late = execute.run(acme.createUser('late'));
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
    lost.clear();
    expect((await late).events).toHaveLength(1);
  });

  it('and the account is not in memory, too', async () => {
    const execute = executeOn(store, limits);
    lost.add(accountStream('acme'));
    const early = execute.run(acme.createUser('early'));
    const reads = store.reads.length;
    await until(() => store.reads.length > reads + 6);
    const late = execute.run(acme.createUser('late'));
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
    lost.clear();
    expect((await late).events).toHaveLength(1);
  });

  it("commands of the company's users are given up, those of the client's own are carried out", async () => {
    const execute = executeOn(store, limits);
    lost.add(accountStream('acme'));
    const foreign = [1, 2].map((n) => execute.run(client.by(acme.admin, 'acme').createUser(`a-${n}`)));
    const own = execute.run(client.createUser('own'));
    expect((await own).events).toHaveLength(1);
    for (const one of foreign) await expect(one).rejects.toMatchObject({ code: 'unavailable' });
    lost.clear();
    expect((await execute.run(client.by(acme.admin, 'acme').createUser('b'))).events).toHaveLength(1);
  });

  it("a command of one of the company's users that came later is carried out once the company can be read", async () => {
    const execute = executeOn(store, limits);
    await runAll(execute, client.by(acme.admin, 'acme').createUser('warm'));
    lost.add(accountStream('acme'));
    const early = execute.run(client.by(acme.admin, 'acme').createUser('early'));
    const reads = store.reads.length;
    await until(() => store.reads.length > reads + 6);
    const late = execute.run(client.by(acme.admin, 'acme').createUser('late'));
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
    lost.clear();
    expect((await late).events).toHaveLength(1);
  });

  it('a command of an own user waits no longer than its patience behind those', async () => {
    const execute = executeOn(store, limits);
    lost.add(accountStream('acme')).add(accountStream('client'));
    const all = [
      execute.run(client.by(acme.admin, 'acme').createUser('one')),
      execute.run(client.createUser('own')),
      execute.run(acme.createUser('of the company')),
    ];
    for (const one of all) await expect(one).rejects.toMatchObject({ code: 'unavailable' });
    lost.clear();
    expect((await execute.run(client.createUser('after'))).events).toHaveLength(1);
  });

  it('a refusal in a client is heard even if the company of its actor is written all the time', async () => {
    const [execute, other] = [executeOn(store, limits), executeOn(store)];
    let [written, isWriting] = [0, false];
    store.beforeRead = async (stream) => {
      if (stream !== accountStream('acme') || isWriting) return;
      isWriting = true;
      await other.run(acme.createUser(`u-${written++}`));
      isWriting = false;
    };
    const refused = execute.run(client.by(acme.admin, 'acme').updateUser({ user_id: 'nobody' }));
    await expect(refused).rejects.toMatchObject({ code: 'user_not_found' });
    expect(written).toBeGreaterThan(1);
  });
});
