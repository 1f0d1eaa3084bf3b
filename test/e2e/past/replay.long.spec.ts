import { test } from '@jest/globals';
import { replay } from './replay.js';

test('as of the end of any command of a random history every GET answers what it answered then', () =>
  replay(6, 60));
