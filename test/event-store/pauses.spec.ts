import { expect, it } from '@jest/globals';
import { Pauses } from '../../src/event-store/pauses.js';

/** Ends every pause at once. */
const signal = AbortSignal.abort();

async function pausesOf(pauses: Pauses, count: number): Promise<number[]> {
  const lengths: number[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    lengths.push(pauses.next);
    await pauses.take();
  }
  return lengths;
}

it('Pauses double from the first to the longest, each a quarter longer or shorter at most', async () => {
  const lengths = await pausesOf(new Pauses(10, 250, { signal }), 8);
  expect(lengths).toHaveLength(8);
  for (const [index, base] of [10, 20, 40, 80, 160, 250, 250, 250].entries()) {
    expect(lengths[index]).toBeGreaterThanOrEqual(base * 0.75);
    expect(lengths[index]).toBeLessThanOrEqual(base * 1.25);
  }
});

it('Pauses differ from one instance to the next', async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => pausesOf(new Pauses(1_000, 8_000, { signal }), 4)),
  );
  expect(new Set(all.map(String)).size).toBeGreaterThan(1);
});

it('Pauses begin anew after a success', async () => {
  const pauses = new Pauses(10, 250, { signal });
  await pausesOf(pauses, 5);
  pauses.reset();
  expect(pauses.next).toBeLessThanOrEqual(12.5);
});
