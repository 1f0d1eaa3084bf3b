import { expect, test } from '@jest/globals';
import { NameLookUp } from '../../../src/publish/webhooks/name-look-up.js';
import type { FoundAddress } from '../../../src/publish/webhooks/resolvers.js';
import { pause } from '../../support/pause.js';

/** Look-ups that end when they are told to, two at once. */
function scene(patienceMs?: number) {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const resolve = (host: string) =>
    new Promise<readonly FoundAddress[]>((found) => {
      asked.push(host);
      answers.push(() => found([{ address: '127.0.0.1', family: 4 }]));
    });
  const names = new NameLookUp({ allowPrivate: true }, resolve, patienceMs);
  const ask = (host: string) => names.requireAllowed(`https://${host}/`).catch(() => 'unresolvable');
  /** Lets the look-up that began first end, and waits until others have begun. */
  const answer = async (count: number) => {
    answers.shift()?.();
    while (asked.length < count) await pause();
  };
  return { asked, ask, answer };
}

test('Names of a zone whose servers are silent wait behind themselves, and not others behind them', async () => {
  const { asked, ask, answer } = scene();
  const hosts = Array.from({ length: 6 }, (_, n) => `n${n}.silent.example`);
  const outcomes = [...hosts, 'hooks.other.example.org'].map(ask);
  await answer(2);
  await answer(3);
  await answer(4);
  expect(asked.slice(0, 2)).toEqual(['n0.silent.example', 'n1.silent.example']);
  expect(asked.slice(2).sort()).toEqual(['hooks.other.example.org', 'n2.silent.example']);
  for (const began of [5, 6, 7, 7, 7]) await answer(began);
  await Promise.all(outcomes);
});

test('A name that nobody waits for any more is not looked up', async () => {
  const { asked, ask, answer } = scene(50);
  const outcomes = ['a.example', 'b.example', 'c.example'].map(ask);
  expect(await Promise.all(outcomes)).toEqual(['unresolvable', 'unresolvable', 'unresolvable']);
  await answer(2);
  const late = ask('d.example');
  await answer(3);
  expect(asked).toEqual(['a.example', 'b.example', 'd.example']);
  await answer(3);
  await late;
});
