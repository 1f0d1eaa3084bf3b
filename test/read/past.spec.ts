import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PresentQuestion } from '../../src/read/question.js';
import { questions } from '../../src/read/questions.js';
import { expectPastToStand } from './past.js';
import { sampledTypes } from './question-samples.js';
import { stepsOf } from './random-log.js';

describe('Every registered query', () => {
  it('answers at every past revision what it answered then', async () => {
    const histories = fc.asyncProperty(stepsOf(10, 40), expectPastToStand);
    await fc.assert(histories, { numRuns: 5, endOnFailure: true });
  });

  it('has a sample that is asked about the past, but for those about several accounts', () => {
    const timed = questions.filter(({ asked }) => !(asked.prototype instanceof PresentQuestion));
    expect([...sampledTypes].sort()).toEqual(timed.map(({ asked }) => asked.name).sort());
  });
});
