import { ConsoleLogger, Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isFromOutage, Outage } from '../../src/application/outage.js';
import { unavailable } from '../../src/application/unavailable.js';
import { NO_STREAM, StoreUnavailable, StoreUnusable } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ObservedEventStore } from '../../src/event-store/observed.event-store.js';
import { WatchedStore } from '../support/execute.js';
import { drain, numbered, streamOf } from '../support/log.js';

let now = 0;
let outage: Outage;
let lines: [level: string, line: unknown][];

beforeEach(() => {
  now = 0;
  lines = [];
  const logger = new ConsoleLogger();
  for (const level of ['error', 'warn', 'log', 'debug'] as const)
    jest.spyOn(logger, level).mockImplementation((line: unknown) => void lines.push([level, line]));
  Logger.overrideLogger(logger);
  outage = new Outage(() => now);
});
afterEach(() => {
  Logger.overrideLogger(false);
});

const away = new StoreUnavailable('away');
/** The lines that are told at the usual level. */
const told = () => lines.filter(([level]) => level !== 'debug');

describe('The log tells of an outage', () => {
  it('in one line when it begins and one with the counts when it ends, of each failure at debug', () => {
    for (let n = 0; n < 300; n += 1) {
      now = n * 50;
      outage.failed(away);
      outage.countRequest();
    }
    expect(told()).toEqual([['error', { message: 'The event store is out of reach', reason: 'away' }]]);
    expect(lines).toHaveLength(300);
    now += 5_000;
    outage.answered();
    outage.answered();
    expect(told().slice(1)).toEqual([
      [
        'log',
        {
          message: 'The event store answers again',
          ...{ seconds: 15, failed_calls: 300, requests_answered_503: 300 },
        },
      ],
    ]);
  });

  it('with the counts once a minute while it goes on', () => {
    for (now = 0; now <= 150_000; now += 1_000) outage.failed(away);
    expect(told().slice(1)).toEqual(
      [60, 120].map((seconds) => [
        'warn',
        {
          ...{ message: 'The event store is still out of reach', reason: 'away', seconds },
          ...{ failed_calls: seconds + 1, requests_answered_503: 0 },
        },
      ]),
    );
  });

  it('as of one when single calls are answered in between, and as of another after five seconds of calm', () => {
    outage.failed(away);
    for (const at of [1_000, 4_000]) {
      now = at;
      outage.answered();
      outage.failed(away);
    }
    expect(told()).toHaveLength(1);
    now = 9_000;
    outage.answered();
    outage.failed(away);
    expect(told().map(([level]) => level)).toEqual(['error', 'log', 'error']);
  });

  it('not at all when there is none', () => {
    outage.answered();
    outage.countRequest();
    expect(lines).toEqual([]);
  });
});

describe('An event store that is observed', () => {
  const store = () => {
    const watched = new WatchedStore(new MemoryEventStore(false));
    return { watched, observed: new ObservedEventStore(watched, outage) };
  };

  it.each<[string, (store: ObservedEventStore) => Promise<unknown>]>([
    ['an append', (one) => one.append('s', NO_STREAM, numbered(1))],
    ['a read', (one) => streamOf(one, 's')],
    ['a read of all', (one) => drain(one.readAll('s'))],
    ['a subscription', (one) => drainDeliveries(one)],
    ['the question which log it is', (one) => one.logId()],
  ])('tells of %s that is not answered, and of the answers that follow', async (_, call) => {
    const { watched, observed } = store();
    await watched.inner.append('s', NO_STREAM, numbered(1));
    const none = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(away) }) };
    const spies = [
      ...(['readStream', 'readAll', 'subscribe'] as const).map((part) =>
        jest.spyOn(watched, part).mockReturnValue(none),
      ),
      jest.spyOn(watched, 'append').mockRejectedValue(away),
      jest.spyOn(watched, 'logId').mockRejectedValue(away),
    ];
    await expect(call(observed)).rejects.toBe(away);
    expect(told()).toHaveLength(1);
    for (const spy of spies) spy.mockRestore();
    now = 6_000;
    await streamOf(observed, 's');
    expect(told()).toHaveLength(2);
  });

  it('does not when a call is refused, or after it was closed', async () => {
    const { watched, observed } = store();
    watched.beforeRead = () => {
      throw new StoreUnusable('deleted');
    };
    await expect(streamOf(observed, 's')).rejects.toThrow('deleted');
    await observed.close();
    watched.beforeAppend = () => {
      throw away;
    };
    await expect(observed.append('s', NO_STREAM, numbered(1))).rejects.toBe(away);
    expect(lines).toEqual([]);
  });

  it('of one process alone is over an outage of writing when it is written, not when it is read', async () => {
    const watched = new WatchedStore();
    const observed = new ObservedEventStore(watched, outage);
    watched.beforeAppend = () => {
      throw away;
    };
    await expect(observed.append('s', NO_STREAM, numbered(1))).rejects.toBe(away);
    watched.beforeAppend = () => undefined;
    now = 6_000;
    await streamOf(observed, 's');
    expect(told()).toHaveLength(1);
    await observed.append('s', NO_STREAM, numbered(1));
    expect(told()).toHaveLength(2);
  });
});

async function drainDeliveries(store: ObservedEventStore): Promise<void> {
  const abort = new AbortController();
  for await (const delivery of store.subscribe('s', undefined, abort.signal))
    if (delivery.isCaughtUp) abort.abort();
}

it('What comes from an outage is known, whatever it is wrapped in', () => {
  expect(isFromOutage(away)).toBe(true);
  expect(isFromOutage(unavailable(away))).toBe(true);
  expect(isFromOutage(unavailable(new Error('x', { cause: away })))).toBe(true);
  expect(isFromOutage(unavailable(new StoreUnusable('x')))).toBe(false);
  expect(isFromOutage(undefined)).toBe(false);
});
