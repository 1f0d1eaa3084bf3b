import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Execute } from '../../src/application/execute.js';
import { emptyAccountState } from '../../src/domain/account-state.js';
import type { Command } from '../../src/domain/aggregates.js';
import { type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { executeOn, fold, recordsOf, refusalsOf, runAll, WatchedStore } from '../support/execute.js';

const ROUNDS = 1000;
const acme = new CommandsFor('acme');

/** Follows the log by itself, without a line of the code under test. */
function follower(store: EventStore) {
  const state = emptyAccountState();
  let revision = NO_STREAM;
  return async () => {
    const news = await recordsOf(store, acme.account, revision);
    revision += news.length;
    fold(news, state);
    return { users: state.users, admins: [...(state.assignments.byOther.get(ADMIN)?.keys() ?? [])] };
  };
}

/** Lets Bob and Eve, the last two admins, be removed at once; then makes two admins again. A thousand times. */
async function removeBoth(
  store: EventStore,
  here: Execute,
  there: Execute,
  remove: (eve: string) => readonly [Command, Command],
): Promise<void> {
  const admins = [acme.createUser('bob', { roles: [ADMIN] }), acme.createUser('eve', { roles: [ADMIN] })];
  await runAll(here, acme.open(), ...admins, acme.removeFromRole(acme.admin));
  const follow = follower(store);
  let eve = 'eve';
  for (let round = 0; round < ROUNDS; round += 1) {
    // Both know the head of the log: a refusal is proven there.
    await refusalsOf([() => there.run(acme.addToRole('bob'))]);
    const [one, other] = remove(eve);
    const runs = [() => here.run(one), () => there.run(other)];
    if (round % 2 === 1) runs.reverse();
    expect(await refusalsOf(runs)).toMatchObject([{ code: 'admin_role_requires_user' }]);
    const { users, admins: left } = await follow();
    expect(left).toHaveLength(1);
    if (left[0] === eve) await here.run(acme.addToRole('bob'));
    else if (users.has(eve)) await here.run(acme.addToRole(eve));
    else await here.run(acme.createUser((eve = `eve${round}`), { roles: [ADMIN] }));
  }
}

const rivals = {
  'T169: two concurrent role removals': (eve: string) =>
    [acme.removeFromRole('bob'), acme.removeFromRole(eve)] as const,
  'T169 T251: a role removal and a user deletion at once': (eve: string) =>
    [acme.removeFromRole('bob'), acme.deleteUser(eve)] as const,
};

describe.each(Object.entries(rivals))('%s of the last two admins: exactly one succeeds', (_, remove) => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-race-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('in one instance', async () => {
    const store = new MemoryEventStore();
    const execute = executeOn(store);
    await removeBoth(store, execute, execute, remove);
  });

  it('in one instance on SQLite', async () => {
    const store = SqliteEventStore.open(directory);
    const execute = executeOn(store);
    await removeBoth(store, execute, execute, remove);
    await store.close();
  });

  it('in two instances with a cache each on one log', async () => {
    const store = new WatchedStore(new MemoryEventStore(false));
    await removeBoth(store, executeOn(store), executeOn(store), remove);
    // More appends were tried than two a round: the instances did collide.
    expect(store.appends.length).toBeGreaterThan(2.5 * ROUNDS);
  });
});
