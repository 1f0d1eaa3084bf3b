import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { EventStore, RecordedEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetUser } from '../../src/read/user.js';
import { CommandsFor } from '../support/commands.js';
import { appendRaw, executeOn, runAll, WatchedStore } from '../support/execute.js';
import { dump, inDirectory, Instance, until } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const renamed = { user_id: 'bob', first_name: 'Robert', last_name: 'Doe' };

/** The log as a later version of Muster sees it, which knows the event `UserRenamedTomorrow`. */
class Tomorrow extends WatchedStore {
  override async *readStream(
    ...parameters: Parameters<EventStore['readStream']>
  ): ReturnType<EventStore['readStream']> {
    for await (const page of super.readStream(...parameters)) yield page.map(translate);
  }
}
function translate(event: RecordedEvent): RecordedEvent {
  return event.type === 'UserRenamedTomorrow' ? { ...event, type: 'UserRenamed' } : event;
}

/** Acme has Bob, an event that cannot be read yet, and Eve; Globex has Kim. */
async function written(store: EventStore, type = 'UserRenamedTomorrow', v = 1) {
  const writer = executeOn(store);
  await runAll(writer, acme.open(), globex.open(), acme.createUser('bob'));
  await appendRaw(store, 'acme', 10, type, { v, data: renamed });
  const eve = {
    user_id: 'eve',
    first_name: 'Eve',
    last_name: 'Doe',
    email: 'e@x.example',
    external_id: null,
  };
  await appendRaw(store, 'acme', 11, 'UserCreated', { data: eve });
  await writer.run(globex.createUser('kim'));
}

describe('An event that the views cannot read', () => {
  it.each([
    ['of an unknown type', 'UserRenamedTomorrow', 1],
    ['of a newer version', 'UserRenamed', 2],
  ])('%s stops its account, whose rows before it stay true; others go on', async (_, type, v) => {
    const store = new MemoryEventStore();
    await written(store, type, v);
    const instance = await Instance.start(store);
    const { projector } = instance;
    expect(projector.stoppedAccounts).toMatchObject([
      {
        account: 'acme',
        kind: 'unreadable',
        reason: expect.stringContaining('event 11 of stream account-acme'),
      },
    ]);
    expect(() => projector.assertReadable('acme')).not.toThrow();
    expect(instance.ask(new GetUser(instance.now('acme'), 'bob'))).toMatchObject({ first_name: 'bob' });
    expect(() => instance.ask(new GetUser(instance.now('acme'), 'eve'))).toThrow();
    expect(instance.ask(new GetUser(instance.now('globex'), 'kim'))).toMatchObject({ id: 'kim' });
    await instance.stop();
  });

  it('stops its account also when it comes from another instance at run time', async () => {
    const store = new MemoryEventStore(false);
    const instance = await Instance.start(store);
    await written(store);
    await until(() => instance.projector.stoppedAccounts.length > 0);
    await instance.reached('globex', 10);
    expect(instance.projector.stoppedAccounts).toMatchObject([{ account: 'acme', kind: 'unreadable' }]);
    expect(instance.views.checkpoints.revisionOf('acme')).toBe(10);
    await instance.stop();
  });

  it('keeps its account stopped across a restart, and is read on from when it can be read', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'views.db');
      const store = new MemoryEventStore();
      await written(store);
      await (await Instance.start(store, path)).stop();
      const again = await Instance.start(store, path);
      expect(again.projector.stoppedAccounts).toMatchObject([{ account: 'acme', kind: 'unreadable' }]);
      expect(again.views.checkpoints.revisionOf('acme')).toBe(10);
      await again.stop();

      const later = await Instance.start(new Tomorrow(store), path);
      expect(later.projector.stoppedAccounts).toEqual([]);
      expect(later.ask(new GetUser(later.now('acme'), 'bob'))).toMatchObject({ first_name: 'Robert' });
      const rebuilt = await Instance.start(new Tomorrow(store));
      expect(dump(later.views)).toEqual(dump(rebuilt.views));
      await Promise.all([later.stop(), rebuilt.stop()]);
    });
  });
});
