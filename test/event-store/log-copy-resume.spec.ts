import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RecordedEvent, StoreUnavailable } from '../../src/event-store/event-store.js';
import { LogCopyRefused } from '../../src/event-store/log-comparison.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { WatchedStore } from '../support/execute.js';
import { propose, streamOf } from '../support/log.js';
import { a, add, b, c, contents, copy, lose, write } from './account-log.js';

/** No two events of a stream side by side: each is an append of its own. */
const order = [a, b, a, c, b, a, c, a, b, a];

async function logOf(streams: readonly string[] = order): Promise<MemoryEventStore> {
  const log = new MemoryEventStore();
  await write(log, streams);
  return log;
}

const eventsIn = ({ appends }: WatchedStore) => appends.flatMap(({ events }) => events).length;

describe.each([
  ['before they take effect', 'beforeAppend'],
  ['after they took effect', 'afterAppend'],
] as const)('When appends fail %s', (_, moment) => {
  it.each([1, 2, 5, 8, 9])('for good after %d, the copy ends and a later one goes on', async (successes) => {
    const [source, target] = [await logOf(), new WatchedStore()];
    target[moment] = () => target.appends.length > successes && lose();
    const failing = copy(source, target, { tries: 3 });
    await expect(failing).rejects.toThrow(StoreUnavailable);
    await expect(failing).rejects.toThrow('The target does not take any more (The connection was lost)');
    const there = (await contents(target)).length;
    expect(there).toBeGreaterThanOrEqual(successes);
    expect(there).toBeLessThanOrEqual(successes + (moment === 'afterAppend' ? 3 : 0));

    target[moment] = () => undefined;
    target.appends.length = 0;
    const result = await copy(source, target);
    expect(eventsIn(target)).toBe(order.length - there);
    expect(result).toMatchObject({ events: order.length, written: order.length - there });
    const sorted = async (log: MemoryEventStore | WatchedStore) =>
      (await contents(log)).sort((one, other) => one.id.localeCompare(other.id));
    expect(await sorted(target)).toEqual(await sorted(source));
  });

  it('now and then, the very same appends are repeated and nothing is there twice', async () => {
    const [source, target] = [await logOf(), new WatchedStore()];
    target[moment] = () => target.appends.length % 2 === 1 && lose();
    expect(await copy(source, target, { tries: 2 })).toMatchObject({ events: 10, written: 10 });
    expect(target.appends.length).toBeGreaterThan(9);
    for (const stream of [a, b, c])
      expect(await streamOf(target, stream)).toMatchObject(
        (await streamOf(source, stream)).map(({ id, revision }) => ({ id, revision })),
      );
    for (const append of target.appends)
      expect(append).toEqual(target.appends.find(({ events }) => events[0]?.id === append.events[0]?.id));
  });

  it('all at once, they are repeated in the order of the log', async () => {
    const [source, target] = [await logOf([`${a}e`, a, b, c, `${a}d`]), new WatchedStore()];
    target[moment] = async () => {
      const { length } = target.appends;
      await new Promise(setImmediate);
      if (length > 1 && length <= 4) lose();
    };
    expect(await copy(source, target, { tries: 1 })).toMatchObject({ isSameOrder: true });
    expect(target.appends.map(({ stream }) => stream)).toEqual([`${a}e`, a, b, c, a, b, c, `${a}d`]);
  });
});

it('However appends fail and copies are stopped, the logs are the same in the end', async () => {
  const streams = fc.array(fc.constantFrom(a, b, c, `${a}d`, `${a}e`), { minLength: 1, maxLength: 60 });
  const outcomes = fc.array(fc.constantFrom('fine', 'lost', 'unanswered', 'stopped'), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(streams, outcomes, async (written, drawn) => {
      const [source, target, fates] = [await logOf(written), new WatchedStore(), [...drawn]];
      let stop = new AbortController();
      let fate: string | undefined;
      target.beforeAppend = () => {
        fate = fates.shift();
        if (fate === 'stopped') stop.abort(new StoreUnavailable('Stopped'));
        if (fate === 'lost') lose();
      };
      target.afterAppend = () => fate === 'unanswered' && lose();
      for (let tries = 0; tries < 200; tries++) {
        stop = new AbortController();
        try {
          await copy(source, target, { tries: 1, signal: stop.signal });
          break;
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
        }
      }
      for (const stream of new Set(written)) {
        const place = ({ id, revision, data }: RecordedEvent) => ({ id, revision, data });
        const [from, to] = [await streamOf(source, stream), await streamOf(target, stream)];
        expect(to.map(place)).toEqual(from.map(place));
      }
    }),
    { numRuns: 100 },
  );
});

describe('A copy that is stopped', () => {
  it('waits for what is under way and starts nothing more', async () => {
    const [source, target] = [await logOf(), new WatchedStore()];
    const stop = new AbortController();
    let underWay = 0;
    target.beforeAppend = async () => {
      underWay++;
      if (target.appends.length === 4) stop.abort(new Error('Enough'));
      await new Promise(setImmediate);
    };
    target.afterAppend = () => underWay--;
    await expect(copy(source, target, { signal: stop.signal })).rejects.toThrow('Enough');
    expect(underWay).toBe(0);
    expect(target.appends).toHaveLength(4);
    expect(await contents(target)).toEqual((await contents(source)).slice(0, 4));
    expect(await copy(source, target)).toMatchObject({ written: 6, isSameOrder: true });
  });

  it.each(['read', 'copy', 'check'] as const)('in the step "%s" ends at once', async (step) => {
    const [source, target] = [await logOf(), new MemoryEventStore()];
    const stop = new AbortController();
    const onProgress = (now: string) => now === step && stop.abort(new Error('Enough'));
    await expect(copy(source, target, { signal: stop.signal, onProgress })).rejects.toThrow('Enough');
    expect(await contents(target)).toHaveLength(step === 'check' ? order.length : 0);
  });

  it('does not wait for the next try', async () => {
    const [source, target] = [await logOf(), new WatchedStore()];
    const stop = new AbortController();
    target.beforeAppend = () => {
      if (target.appends.length === 1) setImmediate(() => stop.abort(new Error('Enough')));
      lose();
    };
    const copying = copy(source, target, { signal: stop.signal, retries: { most: 1, from: 1e6, to: 1e6 } });
    await expect(copying).rejects.toThrow('Enough');
  });
});

describe('A target that is complete', () => {
  it('is only checked', async () => {
    const [source, target] = [await logOf(), new WatchedStore()];
    const first = await copy(source, target);
    target.appends.length = 0;
    expect(await copy(source, target)).toEqual({ ...first, written: 0 });
    expect(target.appends).toEqual([]);
  });

  it('takes what the source has got since', async () => {
    const [source, target] = [await logOf(), new MemoryEventStore()];
    await copy(source, target);
    await write(source, [`${a}new`, b]);
    expect(await copy(source, target)).toMatchObject({ written: 2, isSameOrder: true });
    expect(await contents(target)).toEqual(await contents(source));
  });
});

describe('A target is refused, and left as it is, when it', () => {
  const cases: [string, (target: MemoryEventStore) => Promise<void>, string][] = [
    [
      'has a stream of its own',
      (target) => write(target, [`${a}other`]),
      'has 1 events in the target, but 0',
    ],
    ['is ahead of the source', (target) => write(target, [b]), 'has 4 events in the target, but 3'],
    [
      'has both that is missing and that is more',
      (target) => write(target, [c, c]),
      `Stream ${c} has 4 events in the target, but 2 in the source`,
    ],
  ];
  it.each(cases)('%s', async (_, change, says) => {
    const [source, target] = [await logOf(), new MemoryEventStore()];
    await copy(source, target);
    await change(target);
    await expectRefused(source, target, says);
  });

  it.each([
    ['at its head', 1],
    ['before its head', 0],
  ])('has other data under an id of the source %s', async (_, at) => {
    const source = await logOf();
    const target = new MemoryEventStore();
    const events = (await contents(source)).filter(({ stream }) => stream === b).slice(0, 2);
    const changed = events.map(({ id, type, data, metadata }, index) => {
      return { id, type, data: index === at ? '{"stream":"x"}' : data, metadata };
    });
    await target.append(b, -1, changed);
    await expectRefused(source, target, `Stream ${b} has other events in the target than in the source`);
  });

  it('has another event at the same place', async () => {
    const [source, target] = [await logOf(), new MemoryEventStore()];
    await add(target, a, [propose()]);
    await expectRefused(source, target, `Stream ${a} has other events`);
  });

  async function expectRefused(source: MemoryEventStore, target: MemoryEventStore, says: string) {
    const [before, watched] = [await contents(target), new WatchedStore(target)];
    const copying = copy(source, watched);
    await expect(copying).rejects.toThrow(LogCopyRefused);
    await expect(copying).rejects.toThrow(says);
    await expect(copying).rejects.toThrow('copy to a log that is empty');
    expect(watched.appends).toEqual([]);
    expect(await contents(target)).toEqual(before);
  }
});
