import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const bobAtClient = client.by('bob', 'acme');

/** Two instances that have both seen the company Acme with Bob and its client account. */
async function two(soleWriter = false) {
  const log = new MemoryEventStore(soleWriter);
  const store = new WatchedStore(log);
  const [here, there] = [executeOn(store), executeOn(log)];
  await runAll(there, acme.open(), acme.createUser('bob'), client.openUnder('acme'));
  await there.run(acme.share('client', acme.allUsers, true));
  await here.run(acme.updateUser({ user_id: 'bob' }));
  await here.run(client.update({ name: 'Client' }));
  store.reads.length = 0;
  return { log, store, here, there };
}

describe('A decision without events on a shared log', () => {
  it('is no refusal that another instance has made untrue', async () => {
    const { here, there } = await two();
    await refuses(here, acme.deleteGroup('new'), 'group_not_found');
    await there.run(acme.createGroup('new'));
    await here.run(acme.deleteGroup('new'));
  });

  it('is no "nothing to do" that another instance has made untrue', async () => {
    const { here, there } = await two();
    await here.run(acme.updateUser({ user_id: 'bob', last_name: 'Roe' }));
    await there.run(acme.updateUser({ user_id: 'bob', last_name: 'Poe' }));
    const { events } = await here.run(acme.updateUser({ user_id: 'bob', last_name: 'Roe' }));
    expect(events).toMatchObject([{ type: 'UserRenamed', data: { last_name: 'Roe' } }]);
  });

  it('needs no read when another command of its batch was appended at its revision', async () => {
    const { store, here } = await two();
    const created = here.run(acme.createUser('eve'));
    await refuses(here, acme.deleteUser('nobody'), 'user_not_found');
    await created;
    expect(store.reads).toEqual([]);
  });

  it('is read for once for a whole batch', async () => {
    const { store, here } = await two();
    await Promise.all([1, 2, 3].map(() => refuses(here, acme.deleteUser('nobody'), 'user_not_found')));
    expect(store.reads).toEqual(['account-acme']);
  });

  it('is not read for in a log that has one writer', async () => {
    const { store, here } = await two(true);
    await refuses(here, acme.deleteUser('nobody'), 'user_not_found');
    await refuses(here, bobAtClient.createUser('x'), 'access_denied');
    expect(store.reads).toEqual([]);
  });
});

describe('A user of the parent who acts in a client account on a shared log', () => {
  it('is not refused for a right that another instance has given', async () => {
    const { here, there } = await two();
    await refuses(here, bobAtClient.createUser('kim'), 'access_denied');
    await there.run(acme.permit('bob', 'user.manage'));
    await here.run(bobAtClient.createUser('kim'));
  });

  it('is refused as soon as another instance has taken the right', async () => {
    const { log, here, there } = await two();
    await there.run(acme.permit('bob', 'user.manage'));
    await here.run(bobAtClient.createUser('kim'));
    await there.run(acme.permit('bob'));
    await refuses(here, bobAtClient.createUser('eve'), 'access_denied');
    expect(await recordsOf(log, 'client')).toHaveLength(2);
  });

  it('is decided on again when the right is given while the refusal is proven', async () => {
    const { store, here, there } = await two();
    let isGiven = false;
    store.beforeRead = async (stream) => {
      if (isGiven || stream !== 'account-client') return;
      isGiven = true;
      await there.run(acme.permit('bob', 'user.manage'));
    };
    await here.run(bobAtClient.createUser('kim'));
    expect(isGiven).toBe(true);
  });

  it('T409: is refused as soon as another instance has taken the share right', async () => {
    const { log, here, there } = await two();
    await there.run(acme.permit('bob', 'user.manage'));
    await here.run(bobAtClient.createUser('kim'));
    await there.run(acme.unshare('client', acme.allUsers));
    await refuses(here, bobAtClient.createUser('eve'), 'access_denied');
    expect(await recordsOf(log, 'client')).toHaveLength(2);
    await there.run(acme.share('client', acme.allUsers, true));
    await here.run(bobAtClient.createUser('eve'));
  });

  it('T409: hears of no change that needed none when the share right is gone by then', async () => {
    const { store, here, there } = await two();
    await there.run(acme.permit('bob', 'account.settings', 'client.access'));
    let isTaken = false;
    store.beforeRead = async (stream) => {
      if (isTaken || stream !== 'account-client') return;
      isTaken = true;
      await there.run(acme.unshare('client', acme.allUsers));
    };
    await refuses(here, bobAtClient.update({ name: 'Client' }), 'access_denied');
    expect(isTaken).toBe(true);
  });

  it('is asked about once for all the refusals of a batch', async () => {
    const { store, here } = await two();
    await Promise.all(
      ['x', 'y', 'z'].map((id) => refuses(here, bobAtClient.createUser(id), 'access_denied')),
    );
    expect(store.reads).toEqual(['account-acme', 'account-client', 'account-acme']);
  });
});

describe('A decision that other instances keep making untrue', () => {
  it('is given up as unavailable in the end', async () => {
    const { log, there } = await two();
    const store = new WatchedStore(log);
    const here = executeOn(store, { patienceMs: 0 });
    let rival = 0;
    store.beforeRead = () => there.run(acme.createUser(`rival${(rival += 1)}`));
    await refuses(here, acme.deleteUser('nobody'), 'unavailable');
  });
});
