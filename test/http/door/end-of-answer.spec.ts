import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { atEndOf } from '../../../src/http/door/end-of-answer.js';
import { hangUpOf } from '../../../src/http/door/hang-up.js';

function answer() {
  const socket = new Socket();
  const raw = new ServerResponse(new IncomingMessage(socket));
  raw.assignSocket(socket);
  return { raw };
}

test('All who wait for the end of an answer hear of it once and in turn, and the answer is listened to once', async () => {
  const one = answer();
  const [heard, before]: [string[], number] = [[], one.raw.listenerCount('close')];
  for (const name of ['first', 'second', 'third']) atEndOf(one, () => heard.push(name));
  expect(one.raw.listenerCount('close')).toBe(before + 1);
  expect(heard).toEqual([]);
  one.raw.destroy();
  await once(one.raw, 'close');
  expect(heard).toEqual(['first', 'second', 'third']);
  atEndOf(one, () => heard.push('late'));
  expect(heard).toEqual(['first', 'second', 'third', 'late']);
});

test('A caller who hung up before anybody asked has hung up', async () => {
  const one = answer();
  const early = hangUpOf(one);
  expect(early.aborted).toBe(false);
  one.raw.destroy();
  await once(one.raw, 'close');
  expect([early.aborted, hangUpOf(one).aborted]).toEqual([true, true]);
});
