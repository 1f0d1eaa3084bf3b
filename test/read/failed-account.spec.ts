import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { gate, recordsOf, runAll, WatchedStore } from '../support/execute.js';
import { breakWrites, dump, inDirectory, Instance, rebuilt, until } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const boom = acme.createGroup('boom');

/** An instance that cannot write the group `boom` into its views. */
async function faulty(path?: string) {
  const store = new WatchedStore(new MemoryEventStore());
  const instance = await Instance.start(store, path);
  await runAll(instance.execute, acme.open(), globex.open());
  const { execute, projector, views } = instance;
  return {
    ...{ store, instance, execute, projector, views },
    repair: breakWrites(instance.views, 'groups', "NEW.name = 'boom'"),
  };
}

describe('When a projection fails', () => {
  it('nothing of its batch stays in the views, although every command of it is stored and answered', async () => {
    const { store, execute, views, instance } = await faulty();
    const before = dump(views).filter((row) => !row.startsWith('stopped'));
    await Promise.all([acme.createUser('bob'), boom, acme.createUser('eve')].map((one) => execute.run(one)));
    expect(dump(views).filter((row) => !row.startsWith('stopped'))).toEqual(before);
    expect(await recordsOf(store, 'acme', 9)).toHaveLength(3);
    await instance.stop();
  });

  it('its account is stopped as failed and its reads are refused; other accounts go on', async () => {
    const { execute, projector, instance } = await faulty();
    await execute.run(boom);
    expect(projector.stoppedAccounts).toEqual([
      { account: 'acme', kind: 'failed', reason: expect.stringContaining('disk full') },
    ]);
    expect(() => projector.assertReadable('acme')).toThrow(expect.objectContaining({ code: 'unavailable' }));
    const { revision } = await execute.run(globex.createUser('kim'));
    expect(instance.views.checkpoints.revisionOf('globex')).toBe(revision);
    expect(() => projector.assertReadable('globex')).not.toThrow();
    await instance.stop();
  });

  it('its account is mended as soon as it can be, with all that was written meanwhile', async () => {
    const { store, execute, projector, views, instance, repair } = await faulty();
    await runAll(execute, boom, acme.createUser('bob'), globex.createUser('kim'));
    repair();
    await until(() => projector.stoppedAccounts.length === 0);
    expect(dump(views)).toEqual(await rebuilt(store));
    expect(() => projector.assertReadable('acme')).not.toThrow();
    await execute.run(acme.createUser('eve'));
    expect(dump(views)).toEqual(await rebuilt(store));
    await instance.stop();
  });

  it('its account is not read while it is being mended', async () => {
    const { store, execute, projector, instance, repair } = await faulty();
    await execute.run(boom);
    repair();
    const [mending, mended] = [gate(), gate()];
    store.beforeRead = () => {
      mending.open();
      return mended.opened;
    };
    await mending.opened;
    expect(() => projector.assertReadable('acme')).toThrow(expect.objectContaining({ code: 'unavailable' }));
    mended.open();
    await until(() => projector.stoppedAccounts.length === 0);
    await instance.stop();
  });

  it('its account is still stopped after a restart, and mended then', async () => {
    await inDirectory(async (directory) => {
      const path = join(directory, 'views.db');
      const { store, execute, instance } = await faulty(path);
      await execute.run(boom);
      await instance.stop();
      const again = Instance.prepare(store, path);
      expect(again.projector.stoppedAccounts).toMatchObject([{ account: 'acme', kind: 'failed' }]);
      await again.projector.start();
      expect(again.projector.stoppedAccounts).toEqual([]);
      expect(dump(again.views)).toEqual(await rebuilt(store));
      await again.stop();
    });
  });
});
