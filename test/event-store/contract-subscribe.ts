import { expect, it } from '@jest/globals';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { drain, freshName, idsOf, Listener, numbered } from '../support/log.js';
import type { CurrentStore } from './contract.js';

export function subscribeContract(store: CurrentStore): void {
  /** A prefix with a stream of so many events. */
  async function written(count: number) {
    const prefix = freshName();
    const events = numbered(count);
    for (let from = 0; from < count; from += 500)
      await store().append(`${prefix}1`, from - 1, events.slice(from, from + 500));
    return { prefix, ids: idsOf(events) };
  }

  it('gives what was there and then what is appended, in order, across streams', async () => {
    const { prefix, ids } = await written(3);
    const listener = new Listener(store(), prefix);
    expect(idsOf(await listener.until(3))).toEqual(ids);
    for (const [stream, expected] of [
      ['1', 2],
      ['2', NO_STREAM],
      ['1', 4],
    ] as const) {
      const events = numbered(2);
      await store().append(prefix + stream, expected, events);
      ids.push(...idsOf(events));
      expect(idsOf(await listener.until(ids.length))).toEqual(ids);
    }
    expect(await listener.until(9)).toEqual(await drain(store().readAll(prefix)));
    await listener.stop();
  });

  it('gives live events to one who began when there was nothing', async () => {
    const prefix = freshName();
    const listener = new Listener(store(), prefix);
    const events = numbered(2);
    await store().append(`${prefix}1`, NO_STREAM, events);
    expect(idsOf(await listener.until(2))).toEqual(idsOf(events));
    await listener.stop();
  });

  it('resumes from after the position of any event, and goes on live', async () => {
    const { prefix, ids } = await written(6);
    const read = await drain(store().readAll(prefix));
    const listeners = read.map(({ position }) => new Listener(store(), prefix, position));
    const live = numbered(2);
    await store().append(`${prefix}1`, 5, live);
    for (const [at, listener] of listeners.entries()) {
      const expected = [...ids.slice(at + 1), ...idsOf(live)];
      expect(idsOf(await listener.until(expected.length))).toEqual(expected);
      await listener.stop();
    }
  });

  it('misses nothing of what is appended while it catches up with a long log', async () => {
    const { prefix, ids } = await written(1100);
    const listener = new Listener(store(), prefix);
    for (let turn = 0; turn < 20; turn++) {
      const [one, two] = [numbered(1), numbered(1)];
      await store().append(`${prefix}1`, 1099 + turn, one);
      await store().append(`${prefix}2`, turn - 1, two);
      ids.push(...idsOf([...one, ...two]));
    }
    expect(idsOf(await listener.until(1140))).toEqual(ids);
    await listener.stop();
  });

  it('gives nothing twice while the connection holds', async () => {
    const { prefix } = await written(3);
    const listener = new Listener(store(), prefix);
    for (let revision = 2; revision < 8; revision++) {
      await listener.until(revision + 1);
      await store().append(`${prefix}1`, revision, numbered(1));
    }
    await listener.until(9);
    expect(listener.received).toHaveLength(9);
    await listener.stop();
  });

  it('gives only the streams of its prefix', async () => {
    const { prefix, ids } = await written(2);
    const listener = new Listener(store(), prefix);
    const [foreign, own] = [numbered(2), numbered(1)];
    await store().append(freshName(), NO_STREAM, foreign);
    await store().append(`x${prefix}`, NO_STREAM, foreign);
    await store().append(`${prefix}1`, 1, own);
    expect(idsOf(await listener.until(3))).toEqual([...ids, ...idsOf(own)]);
    await listener.stop();
  });

  it('gives every subscriber everything', async () => {
    const { prefix, ids } = await written(2);
    const listeners = [1, 2, 3].map(() => new Listener(store(), prefix));
    const events = numbered(2);
    await store().append(`${prefix}1`, 1, events);
    for (const listener of listeners) {
      expect(idsOf(await listener.until(4))).toEqual([...ids, ...idsOf(events)]);
      await listener.stop();
    }
  });

  it('ends without an error when the signal aborts while it waits, and gives nothing after', async () => {
    const { prefix } = await written(1);
    const listener = new Listener(store(), prefix);
    await listener.until(1);
    await listener.stop();
    const count = listener.received.length;
    await store().append(`${prefix}1`, 0, numbered(1));
    expect(listener.received).toHaveLength(count);
  });

  it('ends when the signal aborts in the middle of catching up', async () => {
    const { prefix } = await written(1500);
    const listener = new Listener(store(), prefix);
    await listener.until(1);
    await listener.stop();
    expect(listener.received.length).toBeLessThan(1500);
  });

  it('ends at once under a signal that was aborted before', async () => {
    const { prefix } = await written(1);
    const listener = new Listener(store(), prefix, undefined, AbortSignal.abort());
    await listener.ended;
    expect(listener.received).toEqual([]);
  });
}
