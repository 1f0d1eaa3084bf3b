import { expect, it } from '@jest/globals';
import { type EventStore, NO_STREAM, RevisionConflict } from '../../src/event-store/event-store.js';
import { drain, freshName, idsOf, numbered, persist, revisionsOf, streamOf } from '../support/log.js';
import type { CurrentStore } from './contract.js';

export function concurrencyContract(store: CurrentStore): void {
  it.each([
    ['an empty stream', 0],
    ['a stream with events', 3],
  ])(
    'of many writers to %s at the same revision exactly one wins, with its whole batch',
    async (_, before) => {
      const stream = freshName();
      if (before > 0) await store().append(stream, NO_STREAM, numbered(before));
      const batches = Array.from({ length: 32 }, () => numbered(3));
      const outcomes = await Promise.allSettled(
        batches.map((batch) => store().append(stream, before - 1, batch)),
      );

      const winners = batches.filter((_batch, index) => outcomes[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
      const added = await streamOf(store(), stream, before - 1);
      expect(idsOf(added)).toEqual(idsOf(winners.flat()));
    },
  );

  it('of many repeats of one append all succeed and one is written', async () => {
    const stream = freshName();
    const batch = numbered(2);
    await Promise.all(Array.from({ length: 16 }, () => persist(store(), stream, batch)));
    expect(idsOf(await streamOf(store(), stream))).toEqual(idsOf(batch));
  });

  it('writers who try again after a conflict all get in, one after the other', async () => {
    const stream = freshName();
    await Promise.all(Array.from({ length: 8 }, () => persistently(store(), stream, 2)));
    const read = await streamOf(store(), stream);
    expect(revisionsOf(read)).toEqual(Array.from({ length: 16 }, (_, index) => index));
    for (let at = 0; at < 16; at += 2)
      expect(read.slice(at, at + 2).map(({ data }) => data)).toEqual(['{"n":0}', '{"n":1}']);
  });

  it('appends to many streams at once keep apart', async () => {
    const prefix = freshName();
    const streams = Array.from({ length: 40 }, (_, index) => `${prefix}${String(index)}`);
    const written = await Promise.all(
      streams.map(async (stream) => {
        const events = numbered(6);
        for (let from = 0; from < 6; from += 2)
          await store().append(stream, from - 1, events.slice(from, from + 2));
        return idsOf(events);
      }),
    );
    expect(await Promise.all(streams.map(async (stream) => idsOf(await streamOf(store(), stream))))).toEqual(
      written,
    );
    const all = await drain(store().readAll(prefix));
    expect(idsOf(all).sort()).toEqual(written.flat().sort());
    for (const [index, stream] of streams.entries())
      expect(idsOf(all.filter((event) => event.stream === stream))).toEqual(written[index]);
  });

  it('a conflict on one stream does not touch what is appended to others at the same time', async () => {
    const prefix = freshName();
    const events = numbered(3);
    const outcomes = await Promise.allSettled([
      store().append(`${prefix}a`, NO_STREAM, events),
      store().append(`${prefix}b`, 5, numbered(3)),
      store().append(`${prefix}c`, NO_STREAM, events),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    for (const [name, ids] of Object.entries({ a: idsOf(events), b: [], c: idsOf(events) }))
      expect(idsOf(await streamOf(store(), prefix + name))).toEqual(ids);
  });
}

/** Appends at the head, wherever that is by now. */
async function persistently(store: EventStore, stream: string, count: number): Promise<void> {
  for (;;) {
    const head = (await streamOf(store, stream)).length - 1;
    try {
      await store.append(stream, head, numbered(count));
      return;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}
