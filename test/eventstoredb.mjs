import { spawnSync } from 'node:child_process';

const help = `Runs the tests that depend on the event store against a real EventStoreDB, version 23.10 or later:
the contract of event stores, both APIs, several instances, and processes killed under load.

  EVENTSTOREDB_URL=esdb://host:2113?tls=false npm run test:eventstoredb

The server need not be empty: every test writes streams with a prefix of its own, and deletes nothing.
A tlsCAFile must be an absolute path.
  EVENTSTOREDB_RESTART   a shell command that kills the server and starts it again, as 'docker restart -t 0 esdb';
                         without it the test that does so is left out
`;

if (process.argv.includes('--help')) {
  process.stdout.write(help);
} else if (process.env.EVENTSTOREDB_URL) {
  const given = process.argv.slice(2);
  const areOptions = given.every((argument) => argument.startsWith('-'));
  // Nothing else may run while the server is killed.
  const runs = areOptions ? [['--testPathIgnorePatterns=server-restart'], ['server-restart']] : [[]];
  const statuses = runs.map((run) => jest(...run, ...given));
  process.exitCode = Math.max(...statuses);
} else {
  process.stdout.write(
    `SKIPPED: no real EventStoreDB was tested, as EVENTSTOREDB_URL is not set.\n\n${help}`,
  );
}

function jest(...options) {
  const script = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  script.push('node_modules/jest/bin/jest.js', '-c', 'jest.eventstoredb.config.mjs');
  return spawnSync(process.execPath, [...script, ...options], { stdio: 'inherit' }).status ?? 1;
}
