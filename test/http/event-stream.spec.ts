import { expect, test } from '@jest/globals';
import { Rejection } from '../../src/domain/rejection.js';
import { Watch } from '../../src/feed/watch.js';
import { eventStream, streamTimes } from '../../src/http/v2/feed/event-stream.js';
import type { Reading, SentEvent } from '../../src/http/v2/feed/reading.js';

/** A walk through pieces that are given; behind the last one it stands at the head. */
class GivenReading implements Reading {
  cursor = 0;
  patienceMs = Infinity;

  constructor(private readonly pieces: { readonly events: readonly number[]; readonly next: number }[]) {}

  get isAtHead(): boolean {
    return this.pieces.length === 0;
  }

  next(): Promise<readonly SentEvent[]> {
    const piece = this.pieces.shift();
    if (!piece) return Promise.resolve([]);
    this.cursor = piece.next;
    return Promise.resolve(
      piece.events.map((revision) => ({
        ...{ account: 'a', revision, cursor: revision, type: 'GroupCreated', text: `{"n":${revision}}` },
      })),
    );
  }
}

const turn = () => Promise.resolve(() => undefined);
const times = { ...streamTimes, commentMs: Infinity, positionMs: Infinity };

async function take(stream: AsyncGenerator<string>, count: number): Promise<string[]> {
  const frames: string[] = [];
  for (let more = count; more > 0; more -= 1) frames.push(String((await stream.next()).value));
  return frames;
}

function follow(reading: Reading, more: Partial<typeof times> = {}) {
  const ending = new AbortController();
  let isOver = false;
  const watch = new Watch(() => (isOver = true));
  const stream = eventStream(reading, () => watch, turn, ending.signal, { ...times, ...more });
  return { stream, watch, end: () => ending.abort(), isOver: () => isOver };
}

test('a stream begins at once, and has each event with its cursor, its name and the CloudEvent on one line', async () => {
  const { stream } = follow(
    new GivenReading([
      { events: [1, 2], next: 2 },
      { events: [5], next: 5 },
    ]),
  );
  expect((await take(stream, 3)).join('')).toBe(
    [
      ':',
      '',
      'id: 1',
      'event: GroupCreated',
      'data: {"n":1}',
      '',
      'id: 2',
      'event: GroupCreated',
      'data: {"n":2}',
    ]
      .concat(['', 'id: 5', 'event: GroupCreated', 'data: {"n":5}', '', ''])
      .join('\n'),
  );
});

/** A stream by a clock of its own, which moves on when the stream waits. @returns it, and the seconds that have passed */
function byClock(reading: Reading) {
  let time = 0;
  const watch = {
    news: (ms: number) => {
      time += ms;
      return Promise.resolve();
    },
    end: () => undefined,
  };
  const times = { ...streamTimes, now: () => time };
  return {
    stream: eventStream(reading, () => watch, turn, new AbortController().signal, times),
    seconds: () => time / 1000,
  };
}

test('a silent stream has a comment at least every 15 seconds', async () => {
  const { stream, seconds } = byClock(new GivenReading([]));
  for (let comment = 0; comment < 5; comment += 1) {
    expect(await take(stream, 1)).toEqual([':\n\n']);
    expect(seconds()).toBeLessThanOrEqual(comment * 15);
  }
});

test('a stream whose filter lets nothing through has a mark at least every 20 seconds, and comments between', async () => {
  const reading = new GivenReading([]);
  const { stream, seconds } = byClock(reading);
  const marks: number[] = [];
  const frames: string[] = [];
  while (marks.length < 4) {
    reading.cursor += 1;
    const [frame = ''] = await take(stream, 1);
    if (frame.includes('event: position')) marks.push(seconds());
    frames.push(frame);
  }
  for (const [index, time] of marks.entries()) expect(time - (marks[index - 1] ?? 0)).toBeLessThanOrEqual(20);
  expect(frames).toContain(':\n\n');
});

test('a stream that is silent has comments', async () => {
  const { stream } = follow(new GivenReading([]), { commentMs: 0 });
  expect(await take(stream, 3)).toEqual([':\n\n', ':\n\n', ':\n\n']);
});

test('a stream whose filter lets nothing through marks its position', async () => {
  const { stream } = follow(new GivenReading([{ events: [], next: 7 }]), { positionMs: 0 });
  expect((await take(stream, 2))[1]).toBe('id: 7\nevent: position\ndata: {"cursor":7}\n\n');
});

test('a stream ends when it is to end, also while it waits, and nothing is waited for any more', async () => {
  const { stream, end, isOver } = follow(new GivenReading([]));
  await take(stream, 1);
  const rest = stream.next();
  end();
  expect([await rest, isOver()]).toEqual([{ done: true, value: undefined }, true]);
});

test('a stream ends without an error when its reader may not read on, or there is more than can be read', async () => {
  const reading = new GivenReading([]);
  const { stream, isOver } = follow(reading);
  await take(stream, 1);
  reading.next = () => Promise.reject(new Rejection('account_unreadable'));
  expect([await stream.next(), isOver()]).toEqual([{ done: true, value: undefined }, true]);
});

test('a stream that waits for its turn has comments; a turn that comes when it is over is given back', async () => {
  const ending = new AbortController();
  let isBack = false;
  let admit: (leave: () => void) => void = () => undefined;
  const turnOf = () => new Promise<() => void>((resolve) => (admit = resolve));
  const reading = new GivenReading([{ events: [1], next: 1 }]);
  const watch = new Watch(() => undefined);
  const stream = eventStream(reading, () => watch, turnOf, ending.signal, { ...times, commentMs: 0 });
  expect(await take(stream, 3)).toEqual([':\n\n', ':\n\n', ':\n\n']);
  await stream.return(undefined);
  admit(() => (isBack = true));
  await new Promise(setImmediate);
  expect(isBack).toBe(true);
});
