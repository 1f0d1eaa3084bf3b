// Says which packages that are delivered have known faults; fails when there are any. A registry that cannot tell is no
// fault of the project.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = parsed(stdout);
if (typeof report.vulnerabilities !== 'object') {
  console.log(`Not checked for known faults: ${report.message ?? 'npm audit has said nothing'}`);
} else {
  const found = Object.values(report.vulnerabilities);
  for (const { name, severity, range } of found) console.log(`${name} ${range}: ${severity}`);
  console.log(`${found.length} packages with known faults`);
  if (found.length > 0) process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
