import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/event-store/sqlite.js';
import { ServiceProcess } from '../../support/process.js';
import { data, directory, run } from '../../support/verify-command.js';

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

/** Changes a database as no Muster does. */
function damage(path: string, file: string, sql: string): void {
  const database = openDatabase(join(path, file));
  database.exec(sql);
  database.close();
}

describe('npm run verify', () => {
  test('says that a sound log is, shows how far it is on standard error, and changes nothing', async () => {
    const at = await directory();
    const files = ['events.db', 'views.db'].map((file) => join(at.path, file));
    const before = files.map((file) => readFileSync(file));
    const { code, stdout, stderr } = await run(at);
    expect([code, stdout]).toEqual([
      0,
      'The log is sound, and views.db is what it makes: 25 events in 2 accounts\n',
    ]);
    expect(stderr).toContain('Reading   25 events\n');
    expect(stderr).toContain('Checking  25 of 25 events\n');
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/);
    expect(files.map((file) => readFileSync(file))).toEqual(before);
  });

  test('needs no views', async () => {
    const at = await directory();
    rmSync(join(at.path, 'views.db'));
    const { code, stdout } = await run(at);
    expect([code, stdout]).toEqual([
      0,
      `There are no views (no file ${join(at.path, 'views.db')}): they are built anew at the next start\n` +
        'The log is sound: 25 events in 2 accounts\n',
    ]);
  });

  test('reads what a service that was killed has left in the write-ahead logs', async () => {
    const at = await directory();
    const { service, url } = await ServiceProcess.start({
      MUSTER_DATA_DIR: at.path,
      MUSTER_OPERATOR_KEY: 'operator-key-of-a-test-0123456789',
    });
    const response = await fetch(`${url}/api/v2/companies`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer operator-key-of-a-test-0123456789',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        name: 'Initech',
        admin: { first_name: 'Ida', last_name: 'Doe', email: 'ida@x.example' },
      }),
    });
    expect(response.status).toBe(201);
    await service.stop('SIGKILL');
    const { code, stdout } = await run(at);
    expect([code, stdout]).toEqual([0, expect.stringContaining('in 3 accounts')]);
  });

  test('names each fault with account, revision and what to do', async () => {
    const at = await directory();
    damage(
      at.path,
      'events.db',
      `DELETE FROM events WHERE revision = 12 AND type = 'UserCreated';
       UPDATE events SET data = '{' WHERE revision = 3 AND stream = 2;
       DELETE FROM events WHERE revision = 14`,
    );
    const { code, stdout } = await run(at);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^account acme, revision 12: event 12 is missing; restore the log from a backup$/m,
    );
    expect(stdout).toMatch(
      /^account acme, revision 14: events 14 to 14 are missing at the end; restore the log from a backup$/m,
    );
    expect(stdout).toMatch(
      /^account globex, revision 3: event 3 of stream account-globex is damaged; restore the log/m,
    );
    expect(stdout).toMatch(/\n3 faults: 23 events in 2 accounts\n$/);
  });

  test('names at most a hundred faults, and counts the rest', async () => {
    const at = await directory(150);
    damage(at.path, 'views.db', 'UPDATE users SET first_name = first_name || first_name WHERE since > 10');
    const { code, stdout } = await run(at);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(102);
    expect(stdout).toMatch(
      /^account acme, revision \d+: the table users in views.db (has|lacks) a row .*; stop Muster and delete views\.db/,
    );
    expect(stdout).toMatch(
      /\n298 faults, of which the first 100 are named above: 170 events in 2 accounts\n$/,
    );
    expect(stdout).not.toContain('user-');
  });

  test.each([
    ['events.db', 'damaged'],
    ['views.db', 'delete it'],
  ])('names %s as a fault when it is no database any more', async (file, says) => {
    const at = await directory();
    const handle = openSync(join(at.path, file), 'r+');
    writeSync(handle, Buffer.alloc(4096, 'x'), 0, 4096, 0);
    closeSync(handle);
    const { code, stdout } = await run(at);
    expect([code, stdout]).toEqual([1, expect.stringContaining(says)]);
    expect(stdout).toContain(join(at.path, file));
  });

  test('names pages of the log that are damaged, and what is behind them', async () => {
    const at = await directory(2_000);
    const handle = openSync(join(at.path, 'events.db'), 'r+');
    for (let page = 40; page < 60; page += 1)
      writeSync(handle, Buffer.alloc(4096, 'x'), 0, 4096, page * 4096);
    closeSync(handle);
    const { code, stdout } = await run(at);
    expect(code).toBe(1);
    expect(stdout).toMatch(/events\.db is damaged: .*; restore/);
  });
});
