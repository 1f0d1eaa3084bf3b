// Prints the test files of reports of jest's that took at least five seconds, for test/durations.json: the longest first.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const seconds = new Map();
for (const report of process.argv.slice(2))
  for (const { name, startTime, endTime } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const file = relative(process.cwd(), name);
    seconds.set(file, Math.max(seconds.get(file) ?? 0, Math.round((endTime - startTime) / 1000)));
  }
const long = [...seconds].filter(([, took]) => took >= 5).sort(([, one], [, other]) => other - one);
console.log(JSON.stringify(Object.fromEntries(long), null, 2));
