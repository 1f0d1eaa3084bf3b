import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { dump, inDirectory, Instance, rebuilt } from '../support/views.js';
import { RandomLog, steps } from './random-log.js';

describe('Views made while commands run', () => {
  it('equal views rebuilt from the log, row by row', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drafts) => {
        const store = new MemoryEventStore();
        const instance = await Instance.start(store);
        await new RandomLog().run(instance.execute, drafts);
        const live = dump(instance.views);
        await instance.stop();
        expect(await rebuilt(store)).toEqual(live);
      }),
      { numRuns: 40 },
    );
  });

  it('equal views rebuilt from the log after a restart in the middle', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, async (before, after) =>
        inDirectory(async (directory) => {
          const path = join(directory, 'views.db');
          const [store, random] = [new MemoryEventStore(), new RandomLog()];
          const first = await Instance.start(store, path);
          await random.run(first.execute, before);
          await first.stop();
          const second = await Instance.start(store, path);
          await random.run(second.execute, after);
          const live = dump(second.views);
          await second.stop();
          expect(await rebuilt(store)).toEqual(live);
        }),
      ),
      { numRuns: 20 },
    );
  });
});
