import { beforeEach, describe, expect, it } from '@jest/globals';
import { Scene } from './family.js';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
  scene.know({ acme: null, nord: 'acme', south: 'acme', globex: null, gulf: 'globex' });
});

describe('The feed of a company with its clients', () => {
  it('has the events of all of them in the order of the log, and nothing of others', async () => {
    await scene.write(['acme', 'nord', 'globex', 'gulf', 'acme', 'south', 'globex', 'nord']);
    const { ids, isAtHead, own } = await scene.page('acme');
    expect(ids).toEqual(['acme/0', 'nord/0', 'acme/1', 'south/0', 'nord/1']);
    expect([isAtHead, own]).toEqual([true, 1]);
    expect((await scene.page('globex')).ids).toEqual(['globex/0', 'gulf/0', 'globex/1']);
  });

  it('goes on from any of its places, in pages of any size', async () => {
    await scene.write(['acme', 'globex', 'nord', 'gulf', 'south', 'acme', 'gulf']);
    const all = await scene.page('acme');
    for (const limit of [1, 2, 3]) {
      const ids: string[] = [];
      for (
        let page = await scene.page('acme', undefined, limit);
        ;
        page = await scene.page('acme', page.next, limit)
      ) {
        ids.push(...page.ids);
        if (page.isAtHead) break;
      }
      expect(ids).toEqual(all.ids);
    }
    for (const [index, { before, place }] of all.events.entries()) {
      expect((await scene.page('acme', before)).ids).toEqual(all.ids.slice(index));
      expect((await scene.page('acme', place)).ids).toEqual(all.ids.slice(index + 1));
    }
  });

  it('moves over what filters leave out, and includes clients that are opened later', async () => {
    await scene.write(['acme', 'nord']);
    const { next } = await scene.page('acme', undefined, 100, { types: new Set(['RoleDeleted']) });
    scene.know({ late: 'acme' });
    await scene.write(['late']);
    expect((await scene.page('acme', next)).ids).toEqual(['late/0']);
  });

  it('ends before an event that the views do not show yet, also of an account that they do not know', async () => {
    await scene.write(['acme']);
    await scene.write(['nord'], { isShown: false });
    await scene.write(['acme']);
    const page = await scene.page('acme');
    expect([page.ids, page.isAtHead]).toEqual([['acme/0'], true]);
    scene.shown.set('nord', 0);
    await scene.write(['new'], { isShown: false });
    await scene.write(['acme']);
    const second = await scene.page('acme', page.next);
    expect(second.ids).toEqual(['nord/0', 'acme/1']);
    scene.know({ new: 'globex' });
    expect((await scene.page('acme', second.next)).ids).toEqual(['acme/2']);
  });

  it('does not wait for what the views lack of other companies', async () => {
    await scene.write(['gulf'], { isShown: false });
    await scene.write(['acme']);
    expect((await scene.page('acme')).ids).toEqual(['acme/0']);
  });

  it('is refused before an event that this service cannot read, once everything before it was given', async () => {
    await scene.write(['acme', 'nord']);
    await scene.write(['nord'], { isShown: false, type: 'GroupMerged' });
    scene.stopped.add('nord');
    const { ids, next } = await scene.page('acme');
    expect(ids).toEqual(['acme/0', 'nord/0']);
    await expect(scene.page('acme', next)).rejects.toMatchObject({ code: 'account_unreadable' });
  });

  it('looks at a bounded part of the log for a page, however few events are its own', async () => {
    const others = Array.from({ length: 10_500 }, () => 'gulf');
    await scene.write(['acme']);
    for (const [revision] of others.entries()) {
      const event = {
        id: `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
        type: 'GroupDeleted',
      };
      await scene.store.append('account-gulf', revision - 1, [{ ...event, data: '{}', metadata: '{}' }]);
    }
    await scene.write(['nord']);
    const first = await scene.page('acme');
    expect([first.ids, first.isAtHead, first.next.position]).toEqual([['acme/0'], false, '10000']);
    expect((await scene.page('acme', first.next)).ids).toEqual(['nord/0']);
  });

  it('asks the index about each account once, for what only that can tell', async () => {
    await scene.write(['acme', 'nord', 'gulf', 'nord', 'acme', 'nord']);
    const asked: unknown[] = [];
    scene.matches = ({ account, revision }, _query, after, limit) => {
      asked.push([account, revision, after]);
      const all = [0, 1, 2].filter((one) => one > after && one <= revision && one !== 1);
      return Promise.resolve({ revisions: all.slice(0, limit), next: revision });
    };
    const query = { filters: [], order: 'asc' } as const;
    const { ids, next } = await scene.page('acme', undefined, 2, { query });
    expect(ids).toEqual(['acme/0', 'nord/0']);
    expect(asked).toEqual([
      ['acme', 1, -1],
      ['nord', 2, -1],
    ]);
    expect((await scene.page('acme', next, 2, { query })).ids).toEqual(['nord/2']);
  });
});
