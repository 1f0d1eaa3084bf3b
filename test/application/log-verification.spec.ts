import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fault } from '../../src/application/verification-watch.js';
import { LogDamaged, type RecordedEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { RandomLog, steps } from '../read/random-log.js';
import { appendRaw } from '../support/execute.js';
import { streamOf } from '../support/log.js';
import { at, change, changed, scene, verified, without } from '../support/verification.js';
import { inDirectory, Instance } from '../support/views.js';

const where = (faults: readonly Fault[]) => faults.map(({ account, revision }) => [account, revision]);

describe('The verification of a log', () => {
  it('finds nothing in one that is sound, with views that are what it makes', () =>
    scene(async ({ verify }) => {
      const { faults, notes, extent } = await verify();
      expect([faults, notes]).toEqual([[], []]);
      expect(extent).toMatchObject({ accounts: 3 });
    }));

  it('finds nothing after whatever commands, also across a restart', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, (before, after) =>
        inDirectory(async (directory) => {
          const [store, path, random] = [
            new MemoryEventStore(),
            join(directory, 'views.db'),
            new RandomLog(),
          ];
          for (const drafts of [before, after]) {
            const instance = await Instance.start(store, path);
            await random.run(instance.execute, drafts);
            await instance.stop();
          }
          expect(await verified(store, path, directory)).toMatchObject({ faults: [], notes: [] });
        }),
      ),
      { numRuns: 8 },
    );
  });

  it('finds nothing in views that lag behind, and looks at the events they have not seen', () =>
    scene(async ({ store, log, verify }) => {
      await appendRaw(store, 'acme', 11, 'UserRenamed', {
        data: { user_id: 'bob', first_name: 'Bo', last_name: 'Doe' },
      });
      expect((await verify()).faults).toEqual([]);
      log.everywhere(changed(12, { data: '{' }));
      expect(where((await verify()).faults)).toEqual([['acme', 12]]);
    }));

  it('names a gap once, with what is missing', () =>
    scene(async ({ log, verify }) => {
      log.everywhere(without(10));
      const { faults, notes } = await verify();
      expect(faults).toEqual([
        { account: 'acme', revision: 10, what: 'event 10 is missing; restore the log from a backup' },
      ]);
      expect(notes).toEqual(['The views of account acme were not compared, as its log has faults']);
    }));

  it('names a gap that only the read of the stream stumbles over', () =>
    scene(async ({ log, verify }) => {
      log.inStream = (event) => {
        if (at(10)(event)) throw new LogDamaged('Event 10 is missing; restore the log from a backup');
        return [event];
      };
      const { faults } = await verify();
      expect(faults).toHaveLength(1);
      expect(faults).toMatchObject([{ account: 'acme', what: expect.stringContaining('is missing') }]);
    }));

  it('names what comes out of order', () =>
    scene(async ({ log, verify }) => {
      log.inAll = (event) => (at(10)(event) ? [event, { ...event, id: 'again' }] : [event]);
      const { faults } = await verify();
      expect(faults).toContainEqual({
        account: 'acme',
        revision: 10,
        what: 'it comes after revision 10, out of order; restore the log from a backup',
      });
    }));

  it('names an id that is there twice, in whatever streams', () =>
    scene(async ({ log, store, verify }) => {
      const [first] = await streamOf(store, 'account-globex');
      const id = first?.id ?? '';
      log.everywhere(changed(10, { id }));
      const { faults } = await verify();
      expect(faults[0]).toEqual({
        account: 'acme',
        revision: 10,
        what: `it has the id ${id}, which event 0 of stream account-globex has; restore the log from a backup`,
      });
    }));

  it.each<[string, Partial<RecordedEvent>, string]>([
    ['of an unknown type', { type: 'UserPromoted' }, 'of the unknown type UserPromoted; run a version'],
    ['whose data are damaged', { data: '{"user_id":' }, 'is damaged; restore the log from a backup'],
    ['of a newer version', { metadata: '{"v":99}' }, 'version 99'],
  ])('names an event %s, and compares the views of all other accounts', (_, wrong, says) =>
    scene(async ({ log, path, verify }) => {
      change(path, `UPDATE users SET first_name = 'Mallory' WHERE email = 'globex-admin@x.example'`);
      log.everywhere(changed(10, wrong));
      const { faults } = await verify();
      expect(faults[0]).toMatchObject({ account: 'acme', revision: 10, what: expect.stringContaining(says) });
      expect(new Set(faults.slice(1).map(({ account }) => account))).toEqual(new Set(['globex']));
    }),
  );

  it('names every event that cannot be read, of one account as well', () =>
    scene(async ({ log, verify }) => {
      log.everywhere((event) => [{ ...event, ...(at(3)(event) || at(7)(event) ? { data: '?' } : {}) }]);
      expect(where((await verify()).faults)).toEqual([
        ['acme', 3],
        ['acme', 7],
      ]);
    }));

  it('names an event that does not fit those before it', () =>
    scene(
      async ({ verify }) => {
        const { faults } = await verify();
        expect(faults).toEqual([
          {
            account: 'acme',
            revision: 12,
            what: expect.stringMatching(
              /^UserRenamed does not fit the events before it \(.+\); restore the log/,
            ),
          },
        ]);
      },
      (store) =>
        appendRaw(store, 'acme', 11, 'UserRenamed', {
          data: { user_id: 'nobody', first_name: 'No', last_name: 'Body' },
        }),
    ));

  it('names a stream that is another one when it is read by itself', () =>
    scene(async ({ log, verify }) => {
      log.inStream = changed(9, { data: '{"contact":"super_admin","user_id":"bob"}' });
      const { faults } = await verify();
      expect(faults).toContainEqual({
        account: 'acme',
        what: 'its events are not those of the log as a whole; restore the log from a backup',
      });
    }));

  it('names what the store itself knows to be wrong', () =>
    scene(async ({ log, verify }) => {
      log.found = [{ what: 'events.db is damaged: row 1 missing from index' }];
      expect((await verify()).faults).toEqual([
        { what: 'events.db is damaged: row 1 missing from index; restore the log from a backup' },
      ]);
    }));

  it('goes on with what it can read where the log cannot be read to its end', () =>
    scene(async ({ log, verify }) => {
      log.inAll = (event) => {
        if (event.stream === 'account-client') throw new LogDamaged('events.db is damaged');
        return [event];
      };
      const { faults, notes } = await verify();
      expect(faults).toEqual([{ what: 'after 0 events, events.db is damaged' }]);
      expect(notes).toEqual(['The views were not compared, as the log cannot be read to its end']);
    }));
});
