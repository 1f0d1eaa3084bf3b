import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetEffectivePermissions } from '../../src/read/effective-permissions.js';
import { Grants } from '../../src/read/grants.js';
import { ReviewedUsers } from '../../src/read/reviewed-users.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';
import { RandomLog, steps } from './random-log.js';

/** What the views say of an account at a revision. */
function at(instance: Instance, account: string, revision: number) {
  const { database, moments } = instance.views;
  const moment = moments.at(account, revision);
  const grants = new Grants(database, revision);
  const users = new ReviewedUsers(database, moment.number ?? 0, revision);
  return { moment, grants, users };
}

/** The ways of a user to permissions, `<permission> <type> <id>` each, by the query that everybody asks. */
function waysOf(instance: Instance, account: string, revision: number, id: string): ReadonlySet<string> {
  const { moment, users } = at(instance, account, revision);
  if (!users.withId(id)) return new Set();
  const held = instance.ask(new GetEffectivePermissions(moment, id, firstPage)).rows;
  return new Set(
    held.flatMap(({ permission, sources }) =>
      sources.map(({ type, id: source = '' }) => `${permission} ${type} ${source}`),
    ),
  );
}

test('each way to a permission is told with the revision since which it has held without a break', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (drafts) => {
      const instance = await Instance.start(new MemoryEventStore());
      await new RandomLog().run(instance.execute, drafts);
      for (const account of ['acme', 'client']) {
        const { revision: head } = instance.now(account);
        const ids = at(instance, account, head)
          .users.after(0, 6)
          .map(({ id }) => id);
        for (const id of ids) {
          const ways = Array.from({ length: head + 1 }, (_, one) => waysOf(instance, account, one, id));
          const startOf = (way: string, from: number) => {
            let start = from;
            while (ways[start - 1]?.has(way)) start -= 1;
            return start;
          };
          for (let revision = 0; revision <= head; revision += 1) {
            const { grants, users } = at(instance, account, revision);
            const user = users.withId(id);
            const told = [...(user ? grants.of(user.number) : [])].flatMap(([permission, paths]) =>
              paths.map((path) => [`${permission} ${path.type} ${path.id ?? ''}`, path.since]),
            );
            expect(told).toEqual([...(ways[revision] ?? [])].map((way) => [way, startOf(way, revision)]));
            for (const permission of user ? ['user.manage', 'klip.edit'] : []) {
              const ends = ways.slice(0, revision + 1).flatMap((there, one) =>
                [...(ways[one - 1] ?? [])]
                  .filter((way) => way.startsWith(`${permission} `) || way.startsWith('* '))
                  .filter((way) => !there.has(way))
                  .map((way) => ({ until: one, since: startOf(way, one - 1) })),
              );
              const last = grants.lastEnded(user?.number ?? 0, permission);
              if (ends.length === 0) expect(last).toBeUndefined();
              else expect(last?.until).toBe(ends.at(-1)?.until);
              if (last) expect(ends).toContainEqual({ until: last.until, since: last.since });
            }
          }
        }
      }
      await instance.stop();
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test('a new name, another can_edit and another permission of the source do not begin a way anew', async () => {
  const acme = new CommandsFor('acme');
  const instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), acme.createUser('bob'));
  await runAll(
    instance.execute,
    acme.createGroup('g', { permissions: ['klip.edit'] }),
    acme.addToGroup('bob', 'g'),
  );
  const { revision: joined } = instance.now('acme');
  await runAll(
    instance.execute,
    acme.addToGroup('bob', 'g', true),
    acme.updateGroup({ group_id: 'g', name: 'Renamed' }),
    acme.updateGroup({ group_id: 'g', permissions: ['klip.edit', 'user.view'] }),
  );
  const { revision } = instance.now('acme');
  const { grants, users } = at(instance, 'acme', revision);
  const held = grants.of(users.withId('bob')?.number ?? 0);
  expect(Object.fromEntries(held)).toEqual({
    'klip.edit': [{ type: 'group', id: 'g', name: 'Renamed', since: joined }],
    'user.view': [{ type: 'group', id: 'g', name: 'Renamed', since: revision }],
  });
  await instance.stop();
});

test('a way that ended is told with the name of its source of then', async () => {
  const acme = new CommandsFor('acme');
  const instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), acme.createUser('bob'));
  await runAll(instance.execute, acme.createGroup('g', { name: 'Then', permissions: ['klip.edit'] }));
  await runAll(instance.execute, acme.addToGroup('bob', 'g'));
  const { revision: since } = instance.now('acme');
  await runAll(instance.execute, acme.deleteGroup('g'));
  const { revision: until } = instance.now('acme');
  const { grants, users } = at(instance, 'acme', until);
  expect(grants.lastEnded(users.withId('bob')?.number ?? 0, 'klip.edit')).toEqual({
    ...{ type: 'group', id: 'g', name: 'Then', since, until },
  });
  await instance.stop();
});
