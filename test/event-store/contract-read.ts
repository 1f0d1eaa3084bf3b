import { beforeAll, expect, it } from '@jest/globals';
import {
  MAX_APPEND_BYTES,
  NO_STREAM,
  PAGE_BYTES,
  type ProposedEvent,
  sizeOf,
} from '../../src/event-store/event-store.js';
import { drain, freshName, idsOf, numbered, propose, revisionsOf, streamOf } from '../support/log.js';
import type { CurrentStore } from './contract.js';

const texts = {
  empty: '',
  quotes: `"it's" \\ / back\\slash`,
  control: '\u0000\u0001\t\r\n\u001f\u007f\u2028\u2029',
  accents: 'Zoë, Jose\u0301, José, Åström',
  scripts: 'Ελληνικά, العربية, 日本語, עברית, हिन्दी',
  emoji: '👩‍👩‍👧‍👦 🇨🇭 🔑',
  'half a surrogate pair': '\ud83d and \udd11',
  'like a query': "'; DROP TABLE events; -- %_$1",
};

export function readContract(store: CurrentStore): void {
  const COUNT = 1234;
  const long = freshName();
  let ids: string[] = [];

  beforeAll(async () => {
    const events = numbered(COUNT);
    ids = idsOf(events);
    for (let from = 0; from < COUNT; from += 400)
      await store().append(long, from - 1, events.slice(from, from + 400));
  });

  it.each([-1, 0, 1, 498, 499, 500, 999, 1000, 1001, 1232])(
    'gives a long stream from after revision %d to its head',
    async (after) => {
      const read = await streamOf(store(), long, after);
      expect(idsOf(read)).toEqual(ids.slice(after + 1));
      expect(revisionsOf(read)).toEqual(ids.map((_, index) => index).slice(after + 1));
    },
  );

  it('gives pages of a bounded size, however large the events are', async () => {
    const stream = freshName();
    const large = Array.from({ length: 12 }, () => propose({ text: 'x'.repeat(900_000) }));
    for (const [index, event] of large.entries()) await store().append(stream, index - 1, [event]);
    for (const pages of [store().readStream(stream, -1), store().readAll(stream)]) {
      const ids: string[] = [];
      for await (const page of pages) {
        expect(page.reduce((sum, event) => sum + sizeOf(event), 0)).toBeLessThan(
          PAGE_BYTES + MAX_APPEND_BYTES,
        );
        ids.push(...idsOf(page));
      }
      expect(ids).toEqual(idsOf(large));
    }
  });

  it('gives nothing from after the head, nor of a stream that does not exist', async () => {
    expect(await streamOf(store(), long, COUNT - 1)).toEqual([]);
    expect(await streamOf(store(), long, COUNT + 5)).toEqual([]);
    expect(await streamOf(store(), freshName())).toEqual([]);
  });

  it('can be left after the first page', async () => {
    for await (const page of store().readStream(long, -1)) {
      expect(idsOf(page)).toEqual(ids.slice(0, page.length));
      break;
    }
    expect(await streamOf(store(), long)).toHaveLength(COUNT);
  });

  it('gives the log across streams in the order of the appends, the same each time', async () => {
    const prefix = freshName();
    const written: string[] = [];
    for (const [stream, expected] of [
      ['a', -1],
      ['b', -1],
      ['a', 1],
      ['c', -1],
      ['b', 1],
      ['a', 3],
    ] as const) {
      const events = numbered(2);
      await store().append(prefix + stream, expected, events);
      written.push(...idsOf(events));
    }
    const read = await drain(store().readAll(prefix));
    expect(idsOf(read)).toEqual(written);
    expect(await drain(store().readAll(prefix))).toEqual(read);
    expect(await streamOf(store(), `${prefix}b`)).toEqual(
      read.filter(({ stream }) => stream === `${prefix}b`),
    );
  });

  it('gives the log from after the position of any event', async () => {
    const read = await drain(store().readAll(long));
    expect(idsOf(read)).toEqual(ids);
    for (const at of [0, 1, 499, 500, 1000, COUNT - 2, COUNT - 1])
      expect(idsOf(await drain(store().readAll(long, read[at]?.position)))).toEqual(ids.slice(at + 1));
  });

  it('tells the event at a place by its id, and that there is none', async () => {
    const read = await drain(store().readAll(long));
    for (const { position, id } of [read[0], read[700], read.at(-1)].flatMap((event) => event ?? []))
      expect(await store().idAt(position)).toBe(id);
    const position = read.at(-1)?.position ?? '';
    expect(await store().idAt(position.replaceAll(/\d+/g, (digits) => `${digits}9`))).toBeUndefined();
  });

  it('takes a prefix literally and tells letter case apart', async () => {
    const name = freshName();
    const [mine, ...others] = [
      `${name}a_b%-1`,
      `${name}aXb%-1`,
      `${name}A_b%-1`,
      `${name}a_b-1`,
      `x${name}a_b%-1`,
    ];
    const events = numbered(1);
    for (const stream of [mine, ...others])
      await store().append(stream, NO_STREAM, stream === mine ? events : numbered(1));
    expect(idsOf(await drain(store().readAll(`${name}a_b%`)))).toEqual(idsOf(events));
    expect(await drain(store().readAll(`${name}zzz`))).toEqual([]);
  });

  it.each(Object.entries(texts))('gives back %s byte for byte', async (_, text) => {
    const stream = freshName();
    const event: ProposedEvent = {
      ...propose({ [text]: text, nested: [null, 1.5e300, -0.1, true, { text }] }),
      metadata: JSON.stringify({ v: 1, text }),
    };
    await store().append(stream, NO_STREAM, [event]);
    expect(await streamOf(store(), stream)).toMatchObject([event]);
  });

  it('gives back events of any size up to a full append', async () => {
    const stream = freshName();
    const small = [0, 1, 4095, 4096, 65_535, 65_536].map((length) =>
      propose({ text: 'é'.repeat(length / 2) }),
    );
    const used = small.reduce((sum, event) => sum + sizeOf(event), sizeOf(propose({ text: '' })));
    const events = [...small, propose({ text: 'x'.repeat(store().maxAppendBytes - used) })];
    expect(events.reduce((sum, event) => sum + sizeOf(event), 0)).toBe(store().maxAppendBytes);
    await store().append(stream, NO_STREAM, events);
    const read = await streamOf(store(), stream);
    expect(read.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
  });
}
