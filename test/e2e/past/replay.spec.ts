import { test } from '@jest/globals';
import { replay } from './replay.js';

test('as of the end of a command every GET answers what it answered then', () => replay(1, 12));
