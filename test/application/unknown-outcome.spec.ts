import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const fail = () => {
  throw new StoreUnavailable('The connection was lost');
};

async function company(patienceMs = 10_000) {
  const log = new MemoryEventStore(false);
  const store = new WatchedStore(log);
  const [execute, other] = [executeOn(store, { patienceMs }), executeOn(log)];
  await runAll(execute, acme.open());
  store.appends.length = 0;
  const added = async () => (await recordsOf(log, 'acme', 9)).map(({ event }) => event.data);
  return { log, store, execute, other, added };
}

/** Lets the first appends fail. */
function failing(times: number): () => void {
  let left = times;
  return () => {
    if (left-- > 0) fail();
  };
}

describe.each([
  ['before it took effect', 'beforeAppend'],
  ['after it took effect', 'afterAppend'],
] as const)('When the store fails %s, an append', (_, moment) => {
  it('is repeated with the same bytes at the same revision until it is known to be in the log, once', async () => {
    const { store, execute, added } = await company();
    store[moment] = failing(3);
    await Promise.all([execute.run(acme.createUser('bob')), execute.run(acme.createUser('eve'))]);
    expect(store.appends).toHaveLength(4);
    for (const append of store.appends) expect(append).toEqual(store.appends[0]);
    expect(await added()).toMatchObject([{ user_id: 'bob' }, { user_id: 'eve' }]);
  });

  it('that is given up is answered as unavailable; then the account is read before the next decision', async () => {
    const { store, execute, added } = await company(0);
    store[moment] = fail;
    await refuses(execute, acme.createUser('bob'), 'unavailable');
    const written = moment === 'afterAppend';
    expect(await added()).toMatchObject(written ? [{ user_id: 'bob' }] : []);
    store[moment] = () => undefined;
    store.reads.length = 0;
    const again = acme.createUser('bob2', { email: 'bob@x.example' });
    if (written) await refuses(execute, again, 'email_in_use');
    else await execute.run(again);
    expect(store.reads[0]).toBe('account-acme');
    expect(await added()).toMatchObject([{ user_id: written ? 'bob' : 'bob2' }]);
  });
});

it('Commands that have waited for too long behind an append that is given up are not decided any more', async () => {
  const { store, execute } = await company(0);
  store.reads.length = 0;
  let behind: Promise<void> | undefined;
  store.beforeAppend = async () => {
    behind ??= refuses(execute, acme.createUser('eve'), 'unavailable');
    await new Promise(setImmediate);
    fail();
  };
  await refuses(execute, acme.createUser('bob'), 'unavailable');
  await behind;
  expect([store.appends.length, store.reads]).toEqual([1, []]);
});

describe('When the outcome of an append is unknown and another writer goes on', () => {
  it('an append that took effect is acknowledged all the same', async () => {
    const { store, execute, other, added } = await company();
    const fails = failing(1);
    store.afterAppend = async () => {
      if (store.appends.length === 1) await other.run(acme.createUser('eve'));
      fails();
    };
    const { revision } = await execute.run(acme.createUser('bob'));
    expect(revision).toBe(10);
    expect(await added()).toMatchObject([{ user_id: 'bob' }, { user_id: 'eve' }]);
  });

  it('an append that took none is decided again, with new ids', async () => {
    const { store, execute, other, added } = await company();
    const fails = failing(1);
    store.beforeAppend = async () => {
      if (store.appends.length === 1) await other.run(acme.createUser('eve'));
      fails();
    };
    await execute.run(acme.createUser('bob'));
    const ids = store.appends.map(({ events }) => events[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
    expect(await added()).toMatchObject([{ user_id: 'eve' }, { user_id: 'bob' }]);
  });
});
