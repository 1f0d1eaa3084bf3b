import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Credentials } from '../../src/read/credentials.js';
import { Holdings } from '../../src/read/holdings.js';
import { Stamps } from '../../src/read/stamps.js';
import { Tree } from '../../src/read/tree.js';
import type { Views } from '../../src/read/views.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf } from '../support/execute.js';
import { Instance } from '../support/views.js';
import { RandomLog, stepsOf } from './random-log.js';

const accounts = ['acme', 'client'];
type Parts = Pick<Views, 'credentials' | 'holdings' | 'tree'>;

interface Known {
  readonly users: readonly string[];
  readonly keys: readonly string[];
}

/** What requests ask again and again, about everything that there is, was or will be. */
function answers({ credentials, holdings, tree }: Parts, { users, keys }: Known): unknown {
  // Users are made up under ids that begin with their account.
  const homes = users.map((id) => ({ id, account: id.split('-')[0] ?? '', user_id: id }));
  const shown = (held: ReturnType<Holdings['of']>) => (held === 'everything' ? held : [...held].sort());
  return {
    keys: keys.map((key) => [key, credentials.byKeyHash(key)]),
    parents: accounts.map((account) => tree.parentOf(account)),
    held: homes.map((home) => [home.id, shown(holdings.of(home))]),
    limiting: homes.map((home) => [home.id, home.account, shown(holdings.ofLimiting(home))]),
    reached: homes.map((home) => [false, true].map((toManage) => holdings.reaches(home, 'client', toManage))),
  };
}

/** The same views without any memory. */
function forgetful({ database, moments }: Views): Parts {
  const [stamps, bytes] = [new Stamps(database), 0];
  return {
    credentials: new Credentials(database, stamps, bytes),
    holdings: new Holdings(database, moments, stamps, bytes),
    tree: new Tree(database, stamps, bytes),
  };
}

function knownIn(records: readonly AccountEventRecord[]): Known {
  const named = (field: string) => [
    ...new Set(
      records.flatMap(({ event: { data } }) =>
        Object.entries(data).flatMap(([name, id]) => (name === field ? [String(id)] : [])),
      ),
    ),
  ];
  return { users: [...named('user_id'), 'none'], keys: named('key_hash') };
}

/** The records of both accounts, in turns that the steps draw. */
function* mixed(streams: readonly AccountEventRecord[][], turns: readonly boolean[]) {
  const rest = streams.map((records) => [...records]);
  for (let turn = 0; rest.some(({ length }) => length > 0); turn += 1) {
    const first = turns[turn % turns.length] ? 1 : 0;
    const record = rest[first]?.shift() ?? rest[1 - first]?.shift();
    if (record) yield record;
  }
}

test('what is remembered of callers and their rights is what the views say, at every revision', async () => {
  const turns = fc.array(fc.boolean(), { minLength: 5, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(stepsOf(20, 80), turns, async (drafts, order) => {
      const store = new MemoryEventStore();
      await new RandomLog().run(executeOn(store), drafts);
      const streams = await Promise.all(accounts.map((account) => recordsOf(store, account)));
      const known = knownIn(streams.flat());
      const growing = Instance.prepare(new MemoryEventStore());
      for (const record of mixed(streams, order)) {
        await growing.projector.apply(record.account, [record]);
        expect(answers(growing.views, known)).toEqual(answers(forgetful(growing.views), known));
      }
      await growing.stop();
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('what was remembered is forgotten with changes that are lost, also when others come in their place', async () => {
  const acme = new CommandsFor('acme');
  const store = new MemoryEventStore();
  const execute = executeOn(store);
  for (const command of [acme.open(), acme.createUser('bob'), acme.permit('bob', 'user.manage')])
    await execute.run(command);
  const records = await recordsOf(store, 'acme');
  const { views, projector } = Instance.prepare(new MemoryEventStore());
  await projector.apply('acme', records);
  const held = () => views.holdings.of({ id: 'bob', account: 'acme' });
  expect(held()).toEqual(new Set(['user.manage']));
  views.clear();
  expect(held()).toEqual(new Set());
  await projector.apply('acme', records);
  expect(held()).toEqual(new Set(['user.manage']));
  await projector.stop();
});
