import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { sizeOf, StoreUnusable } from '../../src/event-store/event-store.js';
import { LogCopyRefused, LogsDiffer } from '../../src/event-store/log-comparison.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { WatchedStore } from '../support/execute.js';
import { numbered, propose, streamOf } from '../support/log.js';
import { a, add, b, c, contents, copy, write } from './account-log.js';
import { Scratch } from './log-files.js';

const scratch = new Scratch();
const opened: SqliteEventStore[] = [];
let count = 0;
const stores = {
  memory: () => new MemoryEventStore(),
  sqlite: () => {
    const store = SqliteEventStore.open(scratch.at(String(count++)));
    opened.push(store);
    return store;
  },
};

afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));
afterAll(() => scratch.remove());

/** An event of so many bytes. */
function sized(bytes: number) {
  const event = propose({ text: '' });
  return { ...event, data: JSON.stringify({ text: 'x'.repeat(bytes - sizeOf(event)) }) };
}

describe.each([
  ['memory', 'memory'],
  ['memory', 'sqlite'],
  ['sqlite', 'memory'],
  ['sqlite', 'sqlite'],
] as const)('A copy from %s to %s', (from, to) => {
  it('has the same streams, revisions, ids, types, data and metadata in the same order', async () => {
    const [source, target] = [stores[from](), stores[to]()];
    await write(source, [a, b, a, a, c, b, a]);
    const texts = ['\u0000 \u2028', 'Zoë 👩‍👩‍👧‍👦 \'"\\', '\ud83d half'].map((text) => propose({ text }, 'Odd'));
    const spaced = { ...propose(), data: '{ "b" : 1.0,\n"a":1e2 }', metadata: '{"v":1, "time":"2024"}' };
    await add(source, b, [...texts, spaced]);
    const result = await copy(source, target);
    expect(await contents(target)).toEqual(await contents(source));
    expect(result).toMatchObject({ events: 11, streams: 3, written: 11, isSameOrder: true });
    expect(await target.logId()).not.toBe(await source.logId());
  });

  it('has long runs and large events', async () => {
    const [source, target] = [stores[from](), stores[to]()];
    const limit = target.maxAppendBytes;
    for (let n = 0; n < 4; n++) await add(source, n % 2 === 0 ? a : b, numbered(400, n * 400));
    for (const bytes of [limit, limit - 1, 1000, limit - 1000, limit / 2, limit / 2, 300])
      await add(source, c, [sized(bytes)]);
    await add(source, a, numbered(1200));
    const result = await copy(source, target);
    expect(await contents(target)).toEqual(await contents(source));
    expect(result).toMatchObject({ events: 2807, isSameOrder: true });
  });
});

describe('A copy', () => {
  it('leaves out streams that are not of accounts', async () => {
    const [log, target] = [new MemoryEventStore(), new MemoryEventStore()];
    await write(log, ['other', a, 'other', 'accounts']);
    await write(target, ['other']);
    expect(await copy(log, target)).toMatchObject({ events: 1, streams: 1 });
    expect(await streamOf(target, a)).toHaveLength(1);
    expect(await streamOf(target, 'accounts')).toEqual([]);
    expect(await streamOf(target, 'other')).toHaveLength(1);
  });

  it('appends consecutive events of a stream together: at most 500, at most as many bytes as the target takes', async () => {
    const [log, target] = [new MemoryEventStore(), new WatchedStore(new MemoryEventStore(), 100_000)];
    await add(log, a, numbered(1200));
    await write(log, [b]);
    for (const bytes of [100_000, 60_000, 40_000, 60_000, 40_001]) await add(log, a, [sized(bytes)]);
    await copy(log, target);
    expect(
      target.appends.map(({ stream, expectedRevision, events }) => [stream, expectedRevision, events.length]),
    ).toEqual([
      ...[
        [a, -1, 500],
        [a, 499, 500],
        [a, 999, 200],
      ],
      [b, -1, 1],
      ...[
        [a, 1199, 1],
        [a, 1200, 2],
        [a, 1202, 1],
        [a, 1203, 1],
      ],
    ]);
  });

  it('appends at most 32 times at once, to a stream once, and starts in the order of the log', async () => {
    const [log, target] = [new MemoryEventStore(), new WatchedStore()];
    const streams = Array.from({ length: 300 }, (_, n) => `${a}${String(n < 100 ? n : (n * 7) % 20)}`);
    await write(log, streams);
    const busy = new Set<string>();
    let most = 0;
    target.beforeAppend = async ({ stream }) => {
      expect(busy).not.toContain(stream);
      most = Math.max(most, busy.add(stream).size);
      await new Promise(setImmediate);
    };
    target.afterAppend = ({ stream }) => busy.delete(stream);
    await copy(log, target);
    expect(most).toBe(32);
    expect(target.appends.map(({ stream }) => stream)).toEqual(streams);
  });

  it('says how far it is', async () => {
    const steps: (string | number | undefined)[][] = [];
    const log = new MemoryEventStore();
    await write(log, [a, b, a]);
    await copy(log, new MemoryEventStore(), { onProgress: (...step) => steps.push(step) });
    expect(steps.at(0)).toEqual(['read', 3]);
    expect(steps).toContainEqual(['copy', 0, 3]);
    expect(steps).toContainEqual(['copy', 3, 3]);
    expect(steps.at(-1)).toEqual(['check', 6, 6]);
  });

  it('of a source without accounts is refused: its address or prefix must be wrong', async () => {
    const empty = new MemoryEventStore();
    await expect(copy(empty, new MemoryEventStore())).rejects.toThrow('The source holds no accounts');
  });

  it('of a log with a gap is refused before anything is written', async () => {
    const [log, target] = [new MemoryEventStore(), new WatchedStore()];
    await write(log, [b, a, a, a]);
    const all = log.readAll.bind(log);
    log.readAll = async function* (prefix) {
      for await (const page of all(prefix)) yield page.filter(({ revision }) => revision !== 1);
    };
    const copying = copy(log, target);
    await expect(copying).rejects.toThrow(StoreUnusable);
    await expect(copying).rejects.toThrow(`Stream ${a} has a gap: event 2 comes after 0`);
    expect(target.appends).toEqual([]);
  });

  it('of an event that the target cannot take is refused before anything is written', async () => {
    const [log, target] = [new MemoryEventStore(), new WatchedStore(new MemoryEventStore(), 1000)];
    await write(log, [a, b]);
    await add(log, a, [sized(1001)]);
    await expect(copy(log, target)).rejects.toThrow(
      `Event 1 of stream ${a} has 1001 bytes, the target takes 1000`,
    );
    expect(target.appends).toEqual([]);
  });
});

describe('The check at the end', () => {
  async function copies(target: WatchedStore) {
    const source = new MemoryEventStore();
    await write(source, [a, b, a]);
    return { source, copying: () => copy(source, target) };
  }
  /** Keeps something else than it is told to. */
  class Careless extends WatchedStore {
    constructor(private readonly change: (event: ReturnType<typeof propose>) => object) {
      super();
    }
    override append(...[stream, revision, events]: Parameters<WatchedStore['append']>): Promise<void> {
      const changed = events.map((event) => ({ ...event, ...(stream === b ? this.change(event) : {}) }));
      return super.append(stream, revision, changed);
    }
  }

  it.each([
    ['id', () => ({ id: '7' })],
    ['type', () => ({ type: 'Changed' })],
    ['data', ({ data }: { data: string }) => ({ data: data.replace('":"', '": "') })],
    ['metadata', () => ({ metadata: '{"v":2}' })],
  ])('finds another %s', async (_, change) => {
    const { copying } = await copies(new Careless(change));
    const failing = copying();
    await expect(failing).rejects.toThrow(LogsDiffer);
    await expect(failing).rejects.toThrow(`Stream ${b} is not the same in both logs`);
  });

  it.each([
    ['source', '1 events in the source, 0 in the target'],
    ['target', '0 events in the source, 1 in the target'],
  ] as const)('finds what somebody has added to the %s meanwhile', async (side, says) => {
    const target = new WatchedStore();
    const { source, copying } = await copies(target);
    const [logs, readAll] = [{ source, target }, source.readAll.bind(source)];
    let reads = 0;
    source.readAll = async function* (prefix) {
      // Read to compare, to copy, to check.
      if (++reads === 3) await write(logs[side], [c]);
      yield* readAll(prefix);
    };
    const failing = copying();
    await expect(failing).rejects.toThrow(LogsDiffer);
    await expect(failing).rejects.toThrow(`Stream ${c} is not the same in both logs: ${says}`);
  });

  it('takes another order across streams for what it is: no difference in any stream', async () => {
    const target = new WatchedStore();
    const { source } = await copies(target);
    const [first] = await streamOf(source, b);
    if (!first) throw new Error('b is empty');
    const { id, type, data, metadata } = first;
    await target.append(b, -1, [{ id, type, data, metadata }]);
    expect(await copy(source, target)).toMatchObject({ events: 3, written: 2, isSameOrder: false });
    expect(await streamOf(target, a)).toHaveLength(2);
  });
});

it('somebody else who writes to the target is told of', async () => {
  const [source, target] = [new MemoryEventStore(), new WatchedStore()];
  await write(source, [a, b, a]);
  target.beforeAppend = async ({ expectedRevision }) => {
    if (expectedRevision === 0) await add(target.inner, a, [propose()]);
  };
  const copying = copy(source, target);
  await expect(copying).rejects.toThrow(LogCopyRefused);
  await expect(copying).rejects.toThrow('somebody else writes to the target');
});
