import { expect, it } from '@jest/globals';
import { NO_STREAM, RevisionConflict } from '../../src/event-store/event-store.js';
import { freshName, idsOf, numbered, propose, revisionsOf, streamOf } from '../support/log.js';
import type { CurrentStore } from './contract.js';

export function appendContract(store: CurrentStore): void {
  /** A fresh stream with five events, appended as two and three. */
  async function five() {
    const stream = freshName();
    const events = numbered(5);
    const [first, second] = [events.slice(0, 2), events.slice(2)];
    await store().append(stream, NO_STREAM, first);
    await store().append(stream, 1, second);
    const isUnchanged = async () => expect(idsOf(await streamOf(store(), stream))).toEqual(idsOf(events));
    return { stream, events, first, second, isUnchanged };
  }

  it('numbers the events of a stream 0, 1, 2 … in the order they were appended', async () => {
    const { stream, events } = await five();
    const read = await streamOf(store(), stream);
    expect(revisionsOf(read)).toEqual([0, 1, 2, 3, 4]);
    expect(read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(events);
    expect(new Set(read.map((event) => event.stream))).toEqual(new Set([stream]));
  });

  it.each([
    ['too low', 3],
    ['far too low', 0],
    ['NO_STREAM', NO_STREAM],
    ['too high', 5],
    ['far too high', 1000],
  ])('refuses an expected revision that is %s, and writes nothing', async (_, expected) => {
    const { stream, isUnchanged } = await five();
    await expect(store().append(stream, expected, numbered(2))).rejects.toThrow(RevisionConflict);
    await isUnchanged();
  });

  it('refuses any revision of a stream that does not exist, and does not make it', async () => {
    const stream = freshName();
    await expect(store().append(stream, 0, numbered(1))).rejects.toThrow(RevisionConflict);
    expect(await streamOf(store(), stream)).toEqual([]);
    await store().append(stream, NO_STREAM, numbered(1));
    expect(revisionsOf(await streamOf(store(), stream))).toEqual([0]);
  });

  it('goes on at the right revision after a refusal', async () => {
    const { stream } = await five();
    await expect(store().append(stream, 7, numbered(1))).rejects.toThrow(RevisionConflict);
    await store().append(stream, 4, numbered(1));
    expect(revisionsOf(await streamOf(store(), stream))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes the very same append again and writes nothing', async () => {
    const { stream, second, isUnchanged } = await five();
    await store().append(stream, 1, second);
    await store().append(stream, 1, second);
    await isUnchanged();
  });

  it('takes it again after more was appended, the one that made the stream too', async () => {
    const { stream, first, isUnchanged } = await five();
    await store().append(stream, NO_STREAM, first);
    await isUnchanged();
  });

  it('goes by ids alone in a repeat: what was stored first stays', async () => {
    const stream = freshName();
    const event = propose({ n: 'first' });
    await store().append(stream, NO_STREAM, [event]);
    await store().append(stream, NO_STREAM, [{ ...event, data: '{"n":"second"}' }]);
    expect((await streamOf(store(), stream)).map(({ data }) => data)).toEqual(['{"n":"first"}']);
  });

  it.each([
    [
      'begins with known events and ends with new ones',
      (known: string[], fresh: string[]) => [...known, ...fresh],
    ],
    ['has one new event at its end', ([one, two]: string[], [fresh]: string[]) => [one, two, fresh]],
    ['has one new event at its start', ([, two, three]: string[], [fresh]: string[]) => [fresh, two, three]],
    ['has one new event in its middle', ([one, , three]: string[], [fresh]: string[]) => [one, fresh, three]],
    ['has the known events in another order', ([one, two, three]: string[]) => [one, three, two]],
  ])('refuses a half-repeated batch that %s', async (_, mix) => {
    const { stream, second, isUnchanged } = await five();
    const fresh = numbered(2);
    const byId = new Map([...second, ...fresh].map((event) => [event.id, event]));
    const batch = mix(idsOf(second), idsOf(fresh)).flatMap((id) => byId.get(id ?? '') ?? []);
    await expect(store().append(stream, 1, batch)).rejects.toThrow(RevisionConflict);
    await isUnchanged();
  });

  it.each([NO_STREAM, 0, 2, 3])('refuses events of revision 2 at expected revision %d', async (expected) => {
    const { stream, second, isUnchanged } = await five();
    await expect(store().append(stream, expected, second)).rejects.toThrow(RevisionConflict);
    await isUnchanged();
  });

  it('takes events with the same ids in another stream', async () => {
    const { first, isUnchanged } = await five();
    const other = freshName();
    await store().append(other, NO_STREAM, first);
    expect(idsOf(await streamOf(store(), other))).toEqual(idsOf(first));
    await isUnchanged();
  });

  it('takes 500 events as one append', async () => {
    const stream = freshName();
    const events = numbered(500);
    await store().append(stream, NO_STREAM, events);
    expect(idsOf(await streamOf(store(), stream))).toEqual(idsOf(events));
  });
}
