import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventStoreDbEventStore } from '../../../src/event-store/eventstoredb.event-store.js';
import { Peer } from '../../support/eventstoredb/peer.js';
import { appendRaw, executeOn } from '../../support/execute.js';
import { drain } from '../../support/log.js';
import { ServiceProcess } from '../../support/process.js';
import { acme, data, directory, run, scratchDirectory } from '../../support/verify-command.js';

afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

describe('npm run verify on EventStoreDB', () => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await Peer.start();
  });
  afterEach(async () => {
    await ServiceProcess.killAll();
    await peer.stop();
  });

  test('checks a log that a running service writes to, with the views of that service', async () => {
    const [path, scratch] = [data.at('esdb'), scratchDirectory()];
    const settings = { EVENT_STORE: peer.url, MUSTER_STREAM_PREFIX: 'test-' };
    const { service } = await ServiceProcess.start({ ...settings, MUSTER_DATA_DIR: path });
    const { code, stdout } = await run({ path, scratch }, [], settings);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^The log is sound, and views\.db is what it makes: \d+ events in 1 accounts\n$/),
    ]);
    expect(await service.stop()).toBe(0);
  });

  test('gives a log that was copied there no id, and names what is wrong in it', async () => {
    const store = EventStoreDbEventStore.open(peer.url);
    await executeOn(store).run(acme.open());
    await appendRaw(store, 'acme', 9, 'UserPromoted');
    const { code, stdout } = await run({ path: data.at('none'), scratch: scratchDirectory() }, [], {
      EVENT_STORE: peer.url,
    });
    expect(code).toBe(1);
    expect(stdout).toContain('account acme, revision 10: ');
    expect(await drain(store.readStream('muster-log', -1))).toEqual([]);
    await store.close();
  });

  test('says that the server is out of reach', async () => {
    const { url } = peer;
    await peer.stop();
    const { code, stdout, stderr } = await run(await directory(), [], { EVENT_STORE: url });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^The log was not checked: /);
    peer = await Peer.start();
  });
});

describe('npm run verify does not check', () => {
  test('a log that a running service holds, and says what to do', async () => {
    const at = await directory();
    await ServiceProcess.start({ MUSTER_DATA_DIR: at.path });
    const { code, stdout, stderr } = await run(at);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `The log was not checked: The data directory ${at.path} is in use by another process; stop it first, ` +
        'or check a backup: sqlite3 events.db ".backup copy/events.db", then MUSTER_DATA_DIR=copy\n',
    );
  });

  test.each([
    ['a log that is not there', {}, 'There is no event log in'],
    ['a log in memory', { EVENT_STORE: 'memory' }, 'a log in memory ends with its process'],
    ['with a wrong setting', { EVENT_STORE: 'postgres://u:secret@h' }, 'EVENT_STORE is "postgres:"'],
  ])('%s', async (_, settings, says) => {
    const { code, stdout, stderr } = await run(
      { path: data.at('none'), scratch: scratchDirectory() },
      [],
      settings,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^The log was not checked: /);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('secret');
  });

  test('a log under a prefix that nobody uses', async () => {
    const { code, stdout, stderr } = await run(await directory(), [], { MUSTER_STREAM_PREFIX: 'other-' });
    expect([code, stdout]).toEqual([2, expect.stringContaining('made from another log')]);
    expect(stderr).toContain(
      'it holds no account; see EVENT_STORE, MUSTER_STREAM_PREFIX and MUSTER_DATA_DIR',
    );
  });

  test.each([
    ['an unknown option', ['--fix'], "Unknown option '--fix'"],
    ['too much', ['./data'], "Unexpected argument './data'"],
  ])('with %s', async (_, args, says) => {
    const { code, stdout, stderr } = await run(await directory(), args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/; --help shows what can be said\n$/);
  });

  test('when it is asked for its help or its version', async () => {
    const at = await directory();
    expect(await run(at, ['--version'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    const { code, stdout, stderr } = await run(at, ['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['npm run verify', 'EVENT_STORE', 'MUSTER_DATA_DIR', 'Exit codes'])
      expect(stdout).toContain(word);
  });
});
