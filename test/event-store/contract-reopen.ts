import { expect, it } from '@jest/globals';
import { NO_STREAM, RevisionConflict } from '../../src/event-store/event-store.js';
import { drain, freshName, idsOf, Listener, numbered, streamOf } from '../support/log.js';
import type { CurrentStore } from './contract.js';

export function reopenContract(store: CurrentStore, reopen: () => Promise<void>): void {
  it('it is the same log', async () => {
    const id = await store().logId();
    await reopen();
    expect(await store().logId()).toBe(id);
    expect(id).not.toBe('');
  });

  it('nothing is lost, doubled or changed, revisions and positions neither', async () => {
    const prefix = freshName();
    await Promise.all(['a', 'b', 'c'].map((name) => store().append(prefix + name, NO_STREAM, numbered(300))));
    const all = await drain(store().readAll(prefix));
    await reopen();
    expect(await drain(store().readAll(prefix))).toEqual(all);
    for (const name of ['a', 'b', 'c'])
      expect(await streamOf(store(), prefix + name)).toEqual(
        all.filter(({ stream }) => stream === prefix + name),
      );
  });

  it('appends go on where they ended, and are told from repeats and conflicts as before', async () => {
    const stream = freshName();
    const [first, second] = [numbered(2), numbered(2)];
    await store().append(stream, NO_STREAM, first);
    await reopen();
    await store().append(stream, NO_STREAM, first);
    await expect(store().append(stream, NO_STREAM, second)).rejects.toThrow(RevisionConflict);
    await store().append(stream, 1, second);
    await reopen();
    await store().append(stream, 1, second);
    expect(idsOf(await streamOf(store(), stream))).toEqual(idsOf([...first, ...second]));
  });

  it('a subscription resumes from a position it had before', async () => {
    const prefix = freshName();
    const events = numbered(4);
    await store().append(`${prefix}1`, NO_STREAM, events);
    const before = new Listener(store(), prefix);
    const position = (await before.until(4))[1]?.position;
    await before.stop();
    await reopen();
    const after = new Listener(store(), prefix, position);
    const live = numbered(1);
    await store().append(`${prefix}1`, 3, live);
    expect(idsOf(await after.until(3))).toEqual(idsOf([...events.slice(2), ...live]));
    await after.stop();
  });
}
