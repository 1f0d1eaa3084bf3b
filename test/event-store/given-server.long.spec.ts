import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const contract = 'test/event-store/eventstoredb.long.spec.ts';

/** Runs the tests for a real server as `npm run test:eventstoredb` does. */
function run(url: string, ...options: string[]) {
  const env = { ...process.env, EVENTSTOREDB_URL: url };
  return spawnSync(process.execPath, ['test/eventstoredb.mjs', ...options], { env, encoding: 'utf8' });
}

describe('The tests for a real EventStoreDB', () => {
  it('say that they were skipped when there is none', () => {
    const { status, stdout } = run('');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^SKIPPED: /)]);
  });

  it('hold the contract against the server that is given, and no other', () => {
    const nowhere = 'esdb://127.0.0.1:1?tls=false';
    const { status, stderr } = run(nowhere, contract, '-t', 'numbers the events');
    expect([status, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('kill the server when nothing else runs on it', () => {
    const { stdout } = run('esdb://127.0.0.1:1', '--listTests', '--json');
    const runs = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as string[]]));
    const killing = runs.filter((files) => files.some((file) => file.includes('server-restart')));
    expect(runs.flat().some((file) => file.endsWith(contract))).toBe(true);
    expect(killing.map((files) => files.length)).toEqual([1]);
  });
});
