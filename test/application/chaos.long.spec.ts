import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '../../src/application/outcome.js';
import { Execute } from '../../src/application/execute.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { type EventStore, StoreUnavailable } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { RandomLog, type Runner, steps } from '../read/random-log.js';
import { executeOn, recordsOf, WatchedStore } from '../support/execute.js';
import { SnapshotDirectories, WatchedSnapshots } from '../support/snapshots.js';
import { dump, Instance, rebuilt } from '../support/views.js';

const directories = new SnapshotDirectories();
afterAll(() => directories.remove());

/** Numbers from 0 up to 1 that look random and are the same in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

/** A store that is slow and unreachable now and then, before or after it has done what was asked. */
function shaky(log: EventStore, roll: () => number): WatchedStore {
  const store = new WatchedStore(log);
  const fault = async () => {
    const number = roll();
    if (number < 0.1) throw new StoreUnavailable('The connection was lost');
    if (number < 0.4) await new Promise(setImmediate);
  };
  return Object.assign(store, { beforeAppend: fault, afterAppend: fault, beforeRead: fault });
}

interface Answer {
  readonly command: Command;
  readonly outcome: Outcome | Rejection;
}

/** Keeps every answer, also those that say the outcome is unknown. */
function recorder(execute: Execute, answers: Answer[]): Runner {
  return {
    run: async (command) => {
      const outcome = await execute.run(command).catch((error: unknown) => {
        if (error instanceof Rejection) return error;
        throw error;
      });
      answers.push({ command, outcome });
    },
  };
}

describe('Two instances with hardly any memory and many snapshots on one shaky log', () => {
  it('store what they acknowledge once and at its place, nothing they refuse, and no command by half', async () => {
    const seen = { changed: 0, silent: 0, refused: 0, unknown: 0, snapshots: 0, fromSnapshots: 0 };
    const property = fc.asyncProperty(
      steps,
      steps,
      fc.integer({ min: 1, max: 2 ** 31 - 2 }),
      async (one, other, seed) => {
        const log = new MemoryEventStore(false);
        const roll = dice(seed);
        const instances = [await Instance.start(log), await Instance.start(log)];
        const [random, answers] = [new RandomLog(), new Array<Answer>()];
        await random.run(executeOn(log), []);
        await Promise.all(
          instances.map(async ({ projector, views }, index) => {
            const project = projector.apply.bind(projector);
            const limits = { patienceMs: 12, memory: { all: 40_000, one: 1e9 } };
            const snapshots = new WatchedSnapshots(directories.next(), { idle: 3, busy: 9 });
            const execute = new Execute(shaky(log, roll), project, views.tree, snapshots, undefined, limits);
            await random.run(recorder(execute, answers), index === 0 ? one : other);
            await execute.close();
            seen.snapshots += snapshots.saves.length;
            seen.fromSnapshots += snapshots.loads;
          }),
        );
        const stored = [...(await recordsOf(log, 'acme')), ...(await recordsOf(log, 'client'))];
        for (const { command, outcome } of answers) {
          const records = stored.filter(({ metadata }) => metadata.command_id === command.meta.commandId);
          expect(records).toHaveLength(records[0]?.metadata.count ?? 0);
          if (!(outcome instanceof Rejection)) {
            expect(records.map(({ event }) => event)).toEqual(outcome.events);
            if (records.length > 0) expect(records.at(-1)?.revision).toBe(outcome.revision);
            seen[records.length > 0 ? 'changed' : 'silent'] += 1;
          } else if (outcome.code === 'unavailable') seen.unknown += 1;
          else {
            expect(records).toEqual([]);
            seen.refused += 1;
          }
        }
        for (const instance of instances) {
          for (const { account, revision } of stored) await instance.reached(account, revision);
          expect(dump(instance.views)).toEqual(await rebuilt(log));
          await instance.stop();
        }
      },
    );
    await fc.assert(property, { numRuns: 25 });
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(3);
  });
});
