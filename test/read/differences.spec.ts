import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import type { ComparedChange } from '../../src/read/compared-change.js';
import { Differences } from '../../src/read/differences.js';
import { GetEffectivePermissions } from '../../src/read/effective-permissions.js';
import { Grants } from '../../src/read/grants.js';
import { ListGroupsOfUser } from '../../src/read/groups-of-user.js';
import { ReviewedUsers } from '../../src/read/reviewed-users.js';
import { ListRolesOfUser } from '../../src/read/roles-of-user.js';
import { GetUser } from '../../src/read/user.js';
import { Instance } from '../support/views.js';
import { RandomLog, steps } from './random-log.js';

const page = { limit: 1000, offset: 0 };

/** What there was of a user at a revision, by what it is: as the queries tell it that everybody asks. */
function factsAt(instance: Instance, account: string, revision: number, id: string): Map<string, unknown> {
  const { database, moments } = instance.views;
  const at = moments.at(account, revision);
  if (!new ReviewedUsers(database, at.number ?? 0, revision).withId(id)) return new Map();
  const { first_name, last_name, email, external_id } = instance.ask(new GetUser(at, id));
  const groups = instance.ask(new ListGroupsOfUser(at, id, page)).rows.filter(({ built_in }) => !built_in);
  return new Map<string, unknown>([
    ['existence', { first_name, last_name, email, external_id }],
    ...groups.map((one) => [`membership ${one.id}`, { can_edit: one.can_edit }] as const),
    ...instance.ask(new ListRolesOfUser(at, id, page)).rows.map((one) => [`role ${one.id}`, true] as const),
    ...instance
      .ask(new GetEffectivePermissions(at, id, page))
      .rows.map(
        (one) => [`permission ${one.permission}`, one.sources.map((source) => source.id ?? null)] as const,
      ),
  ]);
}

/** The same of what a comparison told. */
function toldBy(changes: readonly ComparedChange[]): Map<string, readonly [before: unknown, after: unknown]> {
  const ids = (value: unknown) =>
    Array.isArray(value) ? (value as { id: string | null }[]).map(({ id }) => id) : value;
  return new Map(
    changes.map(({ kind, what, before, after }) => {
      const name = what === null ? '' : ` ${typeof what === 'string' ? what : what.id}`;
      return [`${kind}${name}`, [ids(before), ids(after)]];
    }),
  );
}

test('a comparison of a user tells what the answers at both revisions differ in, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (drafts, numbers) => {
      const instance = await Instance.start(new MemoryEventStore());
      await new RandomLog().run(instance.execute, drafts);
      const { database } = instance.views;
      for (const account of ['acme', 'client'])
        for (let turn = 0; turn < 12; turn += 1) {
          const { revision: head, number } = instance.now(account);
          const [one = 0, other = 0] = [...numbers.take(2)].map((value) => value % (head + 1));
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          const grants = { then: new Grants(database, from), now: new Grants(database, to) };
          const differences = new Differences(database, number ?? 0, { from, to }, grants);
          for (const id of [`${account}-admin`, `${account}-u0`, `${account}-u1`, `${account}-u2`]) {
            const changes = differences.of({ type: 'user', id }, 'alone');
            const [then, now] = [from, to].map((revision) => factsAt(instance, account, revision, id));
            const told = toldBy(changes);
            for (const name of new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])) {
              const empty = name.startsWith('permission') ? [] : null;
              const [before, after] = [then?.get(name) ?? empty, now?.get(name) ?? empty];
              if (name === 'existence' && before && after) {
                for (const [field, value] of Object.entries(after)) {
                  const old = (before as Record<string, unknown>)[field];
                  if (value === old) expect(told.has(`attribute ${field}`)).toBe(false);
                  else expect(told.get(`attribute ${field}`)).toEqual([old, value]);
                  told.delete(`attribute ${field}`);
                }
              } else if (JSON.stringify(before) === JSON.stringify(after)) expect(told.has(name)).toBe(false);
              else expect(told.get(name)).toEqual([before, after]);
              told.delete(name);
            }
            expect([...told]).toEqual([]);
            for (const { because } of changes) {
              expect(because.length).toBeGreaterThan(0);
              expect(because.every((revision) => from < revision && revision <= to)).toBe(true);
            }
          }
        }
      await instance.stop();
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
