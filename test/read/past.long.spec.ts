import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { expectPastToStand } from './past.js';
import { stepsOf } from './random-log.js';

describe('Every registered query, over long histories', () => {
  it('answers at every past revision what it answered then', async () => {
    const histories = fc.asyncProperty(stepsOf(80, 160), expectPastToStand);
    await fc.assert(histories, { numRuns: 8, endOnFailure: true });
  });
});
