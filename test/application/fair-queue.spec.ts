import { expect, test } from '@jest/globals';
import { type Asker, FairQueue } from '../../src/application/fair-queue.js';

const limits = { ofSubject: 2, ofCaller: 3, ofAll: 6 };

/** Puts work in a queue, and tells in which order it is admitted, and what is refused. */
function scene() {
  const queue = new FairQueue(limits);
  const [admitted, refused]: [string[], string[]] = [[], []];
  const add = (caller: string, subject: string, name: string) => {
    const by: Asker = { caller, subject };
    queue.add(by, { admit: () => admitted.push(name), refuse: (full) => refused.push(`${name} ${full}`) });
  };
  const drain = () => {
    while (queue.admitNext());
    return admitted;
  };
  return { queue, add, drain, refused };
}

test('callers have their turns one after the other, however much each has waiting', () => {
  const { add, drain } = scene();
  for (const [subject, name] of [
    ['x', 'a1'],
    ['x', 'a2'],
    ['y', 'a3'],
  ] as const)
    add('a', subject, name);
  add('b', 'x', 'b1');
  add('c', 'x', 'c1');
  add('b', 'x', 'b2');
  expect(drain()).toEqual(['a1', 'b1', 'c1', 'a3', 'b2', 'a2']);
});

test('a caller that comes again comes last', () => {
  const { queue, add, drain } = scene();
  add('a', 'x', 'a1');
  add('b', 'x', 'b1');
  queue.admitNext();
  add('a', 'x', 'a2');
  expect(drain()).toEqual(['a1', 'b1', 'a2']);
});

test('a subject, and a caller, have only so much waiting; others are not touched', () => {
  const { add, drain, refused } = scene();
  for (const name of ['a1', 'a2', 'a3']) add('a', 'x', name);
  for (const name of ['a4', 'a5']) add('a', 'y', name);
  add('b', 'x', 'b1');
  expect(refused).toEqual(['a3 caller', 'a5 caller']);
  expect(drain()).toEqual(['a1', 'b1', 'a4', 'a2']);
});

test('where no room is left, the caller with most gives way to one who has less', () => {
  const { queue, add, drain, refused } = scene();
  for (const caller of ['a', 'b'])
    for (const subject of ['x', 'y', 'z']) add(caller, subject, caller + subject);
  add('c', 'x', 'c1');
  add('d', 'x', 'd1');
  expect(refused).toEqual(['ax caller', 'bx caller']);
  expect(queue.size).toBe(limits.ofAll);
  expect(drain()).toEqual(['ay', 'by', 'c1', 'd1', 'az', 'bz']);
});

test('where no room is left and nobody has more, a newcomer is refused', () => {
  const { add, drain, refused } = scene();
  for (const caller of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) add(caller, 'x', caller);
  expect(refused).toEqual(['g all']);
  expect(drain()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('what is over leaves nothing behind', () => {
  const { queue, add, drain } = scene();
  add('a', 'x', 'a1');
  drain();
  expect([queue.size, queue.admitNext()]).toEqual([0, false]);
});
