import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Sums up what jest says of the three runs; of files that ran twice their second run counts.
const [reports] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(reports, name), 'utf8')).testResults;
const files = new Map();
for (const name of ['short', 'long', 'peer'])
  for (const report of [name, `${name}-again`].filter((one) => existsSync(join(reports, one))))
    for (const file of read(report)) files.set(`${name} ${file.name}`, file);
let [passed, failed] = [0, 0];
for (const { status, assertionResults } of files.values()) {
  const results = assertionResults.map((result) => result.status);
  passed += results.filter((result) => result === 'passed').length;
  failed += Math.max(results.filter((result) => result === 'failed').length, status === 'failed' ? 1 : 0);
}
if (files.size === 0) failed += 1;
console.log(`${passed} passed, ${failed} failed`);
