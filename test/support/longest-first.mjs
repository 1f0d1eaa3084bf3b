import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Seconds that test files took in CI, by their paths; those that took less than five are not there. */
const seconds = JSON.parse(readFileSync(new URL('../durations.json', import.meta.url), 'utf8'));

/**
 * Has jest begin with the test files that take longest, also in a clone where it has not run yet: one that began last would
 * keep one processor busy alone. `.ci/durations.mjs` prints the seconds of a run.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const of = ({ path, context }) => seconds[relative(context.config.rootDir, path)] ?? 0;
    return super.sort(tests).sort((one, other) => of(other) - of(one));
  }
}
