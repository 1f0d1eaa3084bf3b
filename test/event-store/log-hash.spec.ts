import { describe, expect, it } from '@jest/globals';
import { type RecordedEvent, StoreUnusable } from '../../src/event-store/event-store.js';
import { LogHash } from '../../src/event-store/log-hash.js';

function event(stream: string, revision: number, change: Partial<RecordedEvent> = {}): RecordedEvent {
  const id = `${stream}-${String(revision)}`;
  return { stream, revision, id, position: id, type: 'Tested', data: '{}', metadata: '{}', ...change };
}

function hashOf(...events: readonly RecordedEvent[]): LogHash {
  const hash = new LogHash();
  for (const each of events) hash.add(each);
  return hash;
}

const log = hashOf(event('a', 0), event('b', 0), event('a', 1));

describe('The hash of a log', () => {
  it('is the same wherever the log lies, in whatever order its streams were written', () => {
    const elsewhere = hashOf(event('b', 0, { position: '9' }), event('a', 0), event('a', 1));
    expect(elsewhere.digest()).toBe(log.digest());
    expect(elsewhere.orderDigest()).not.toBe(log.orderDigest());
  });
  it('stays what it was in former versions', () => {
    expect(log.digest()).toBe('e2093add73378405ac7e95a246eb39a54e59d7f4e32c999c7808c959970a25cc');
  });
  it.each([
    ['id', { id: 'other' }],
    ['type', { type: 'Other' }],
    ['data', { data: '{ }' }],
    ['metadata', { metadata: '{ }' }],
    ['a border between fields', { type: 'Tested"', data: '{}'.slice(1) }],
    ['half a character', { data: '\ud83d' }],
    ['another half of one', { data: '\ud83e' }],
  ])('differs by %s', (_, change) => {
    const other = hashOf(event('a', 0), event('b', 0, change), event('a', 1));
    const third = hashOf(event('a', 0), event('b', 0, { data: '\ufffd' }), event('a', 1));
    expect(new Set([log, other, third].map((each) => each.digest())).size).toBe(3);
  });
  it('differs by names of streams, by length, and by the stream that an event is in', () => {
    const others = [
      hashOf(event('a', 0), event('c', 0, { id: 'b-0' }), event('a', 1)),
      hashOf(event('a', 0), event('b', 0)),
      hashOf(event('a', 0), event('b', 0), event('b', 1, { id: 'a-1' })),
      hashOf(),
    ];
    expect(new Set([log, ...others].map((each) => each.digest())).size).toBe(5);
  });
  it('knows events and heads', () => {
    expect(log.events).toBe(3);
    expect([...log.streams].map(([stream, { head }]) => [stream, head])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
  });
  it.each([0, 1, 3])('is refused to a log with revision %d after 1', (revision) => {
    const hash = hashOf(event('a', 0), event('a', 1));
    expect(() => hash.add(event('a', revision))).toThrow(StoreUnusable);
    expect(() => hash.add(event('a', revision))).toThrow(`Stream a has a gap: event ${String(revision)}`);
  });
});
