import { readFileSync } from 'node:fs';

// Names the test files of a report of jest's that failed; fails itself when there is none, or when there are many.
const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const failed = testResults.filter(({ status }) => status !== 'passed').map(({ name }) => name);
if (failed.length === 0 || failed.length > 3) process.exit(1);
console.log(failed.join(' '));
