import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { type EventStore, StoreUnavailable } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetUser } from '../../src/read/user.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, gate, runAll, WatchedStore } from '../support/execute.js';
import { dump, inDirectory, Instance, rebuilt, until } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');

/** A store whose subscriptions break instead of giving a page, so many times. */
class Lossy extends WatchedStore {
  losses = 0;

  override async *subscribe(
    ...parameters: Parameters<EventStore['subscribe']>
  ): ReturnType<EventStore['subscribe']> {
    for await (const delivery of super.subscribe(...parameters)) {
      if (delivery.events.length > 0 && this.losses-- > 0)
        throw new StoreUnavailable('The connection was lost');
      yield delivery;
    }
  }
}

describe('Two instances on one log', () => {
  it("read each other's writes by the subscription, their own at once", async () => {
    const store = new MemoryEventStore(false);
    const [here, there] = [await Instance.start(store), await Instance.start(store)];
    await here.execute.run(acme.open());
    const { revision } = await here.execute.run(acme.createUser('bob'));
    expect(here.ask(new GetUser(here.now('acme'), 'bob'))).toMatchObject({ id: 'bob' });
    await there.reached('acme', revision);
    expect(there.ask(new GetUser(there.now('acme'), 'bob'))).toMatchObject({ id: 'bob' });
    await Promise.all([here.stop(), there.stop()]);
  });

  it('come to the same rows when both write the same accounts at once', async () => {
    const store = new MemoryEventStore(false);
    const [here, there] = [await Instance.start(store), await Instance.start(store)];
    await here.execute.run(acme.open());
    await there.execute.run(globex.open());
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const account = index % 3 === 0 ? acme : globex;
        return (index % 2 === 0 ? here : there).execute.run(account.createUser(`u${index}`));
      }),
    );
    for (const { account, revision } of outcomes) {
      await here.reached(account, revision);
      await there.reached(account, revision);
    }
    expect(dump(here.views)).toEqual(dump(there.views));
    expect(dump(here.views)).toEqual(await rebuilt(store));
    await Promise.all([here.stop(), there.stop()]);
  });

  it('catch up at the start with what was written while they were stopped, and read no more than that', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'views.db');
      const store = new MemoryEventStore(false);
      const writer = await Instance.start(store);
      await runAll(writer.execute, acme.open(), globex.open());
      await (await Instance.start(store, path)).stop();
      await runAll(writer.execute, acme.createUser('bob'), globex.createUser('eve'));
      const watched = new WatchedStore(store);
      const again = await Instance.start(watched, path);
      expect(watched.followed).toEqual(['20']);
      expect(dump(again.views)).toEqual(dump(writer.views));
      await Promise.all([writer.stop(), again.stop()]);
    });
  });

  it('take up a subscription that was lost, from where it had come to', async () => {
    const log = new MemoryEventStore(false);
    const [store, writer] = [new Lossy(log), executeOn(log)];
    const instance = await Instance.start(store);
    await writer.run(acme.open());
    await instance.reached('acme', 9);
    await until(() => instance.views.checkpoints.position === '10');
    store.losses = 2;
    const { revision } = await writer.run(acme.createUser('bob'));
    await instance.reached('acme', revision);
    expect(store.followed).toEqual([undefined, '10', '10']);
    expect(dump(instance.views)).toEqual(await rebuilt(log));
    await instance.stop();
  });
});

/** A store whose deliveries wait until they are let through. */
class Gated extends WatchedStore {
  pass: () => Promise<void> = () => Promise.resolve();

  override async *subscribe(
    ...parameters: Parameters<EventStore['subscribe']>
  ): ReturnType<EventStore['subscribe']> {
    for await (const delivery of super.subscribe(...parameters)) {
      await this.pass();
      yield delivery;
    }
  }
}

describe('An instance that was deaf for long', () => {
  it('stays so until everything is here that was written meanwhile', async () => {
    const log = new MemoryEventStore(false);
    const [writer, store] = [executeOn(log), new Gated(log)];
    await writer.run(acme.open());
    const instance = await Instance.start(store);
    const [first, rest] = [gate(), gate()];
    let passed = 0;
    store.pass = () => ((passed += 1) === 1 ? first.opened : rest.opened);
    for (let user = 0; user < 600; user += 1) await writer.run(acme.createUser(`u${user}`));
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
    first.open();
    await until(() => passed > 1);
    expect(instance.projector.isStale).toBe(true);
    rest.open();
    await instance.reached('acme', 609);
    await until(() => !instance.projector.isStale);
    jest.restoreAllMocks();
    await instance.stop();
  });
});
