import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, WatchedStore } from '../support/execute.js';

const CALLERS = 8;
const COMMANDS = 40;
const acme = new CommandsFor('acme');

/** An instance that reaches the log over a network. */
function distant(log: MemoryEventStore, milliseconds: number) {
  const store = new WatchedStore(log);
  store.beforeAppend = store.beforeRead = store.afterAppend = () => sleep(milliseconds);
  return executeOn(store);
}

describe('Instances that write one account without a pause', () => {
  it.each([
    ['are equally far from the log', [1, 1, 1]],
    ['are farther from it than others', [1, 2, 4]],
  ])('all get every command done when they %s', async (_, distances) => {
    const log = new MemoryEventStore(false);
    await executeOn(log).run(acme.open());
    const instances = distances.map((distance) => distant(log, distance));
    const outcomes = await Promise.allSettled(
      instances.flatMap((execute, instance) =>
        Array.from({ length: CALLERS }, async (_caller, caller) => {
          for (let turn = 0; turn < COMMANDS; turn += 1)
            await execute.run(acme.createUser(`u${instance}-${caller}-${turn}`));
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await recordsOf(log, 'acme', 9)).toHaveLength(distances.length * CALLERS * COMMANDS);
  });
});
