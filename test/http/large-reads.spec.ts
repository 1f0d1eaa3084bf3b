import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import type { Config } from '../../src/config/config.js';
import { LargeReads } from '../../src/http/door/large-reads.js';

const reads = () => new LargeReads({ largeReads: 2 } as Config);
const turn = () => new Promise(setImmediate);

/** An answer, which `end` says has gone out. */
function answer() {
  const raw = Object.assign(new EventEmitter(), { closed: false, setTimeout: () => undefined });
  const end = () => {
    raw.closed = true;
    raw.emit('close');
  };
  return { reply: { raw } as unknown as FastifyReply, end };
}

/** Asks for so many at once. @returns those that were let in, in this order */
function ask(large: LargeReads, count: number, company: string) {
  const [entered, refused]: [number[], unknown[]] = [[], []];
  const answers = Array.from({ length: count }, (_, place) => {
    const one = answer();
    large.enter(one.reply, company).then(
      () => entered.push(place),
      (error: unknown) => refused.push(error),
    );
    return one;
  });
  return { entered, refused, answers };
}

test('some large reads of a company are under way at a time, the others wait in their order, and no other company does', async () => {
  const large = reads();
  const own = ask(large, 4, 'acme');
  const other = ask(large, 1, 'globex');
  await turn();
  expect([own.entered, other.entered]).toEqual([[0, 1], [0]]);
  own.answers[0]?.end();
  await turn();
  await turn();
  expect(own.entered).toEqual([0, 1, 2]);
  for (const one of [...own.answers, ...other.answers]) {
    one.end();
    await turn();
    await turn();
  }
  expect(large.size).toBe(0);
});

test('who hangs up while waiting gives the turn to the next', async () => {
  const large = reads();
  const { entered, refused, answers } = ask(large, 4, 'acme');
  await turn();
  answers[2]?.end();
  answers[0]?.end();
  for (let times = 0; times < 4; times += 1) await turn();
  expect(entered).toEqual([0, 1, 3]);
  expect(refused).toEqual([expect.objectContaining({ code: 'unavailable' })]);
});

test('of many that wait, more are refused, and told when to come again', async () => {
  const { entered, refused } = ask(reads(), 2 + 256 + 3, 'acme');
  await turn();
  expect(entered).toHaveLength(2);
  expect(refused).toEqual(
    Array.from(
      { length: 3 },
      () => expect.objectContaining({ code: 'rate_limited', retryAfter: 1 }) as unknown,
    ),
  );
});

test('half of them may be exports', async () => {
  const large = reads();
  const [first, second] = [answer(), answer()];
  for (const { reply } of [first, second]) await large.enter(reply, 'acme');
  large.export(first.reply, 'acme');
  expect(() => large.export(second.reply, 'acme')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  const other = answer();
  await large.enter(other.reply, 'globex');
  large.export(other.reply, 'globex');
  first.end();
  large.export(second.reply, 'acme');
});

test('streams take turns among themselves, and keep no place from answers', async () => {
  const large = reads();
  const turns = [await large.takeTurn('acme'), await large.takeTurn('acme')];
  const { entered, answers } = ask(large, 2, 'acme');
  await turn();
  expect(entered).toEqual([0, 1]);
  for (const one of answers) one.end();
  for (const leave of turns) leave();
  expect(large.size).toBe(0);
});
