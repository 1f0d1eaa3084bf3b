import { describe, expect, it } from '@jest/globals';
import { DailyLog } from '../../src/application/daily-log.js';
import { bytesSince } from '../../src/application/earlier-bytes.js';
import { accountStream } from '../../src/event-store/codec.js';
import { sizeOf } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, refuses, runAll } from '../support/execute.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const globex = new CommandsFor('globex');
const day = (number: number) => Date.UTC(2026, 4, number);
const nothing = () => Promise.resolve(0);

/** A log, and the commands of the companies on it as long as each may add so many bytes a day. */
function scene(most: number, earlier: (company: string, since: number) => Promise<number> = nothing) {
  const clock = { time: day(1) + 3_600_000 };
  const store = new MemoryEventStore();
  const now = () => new Date(clock.time);
  return { clock, store, execute: executeOn(store, { now, daily: new DailyLog(most, earlier, now) }) };
}

const users = (of: CommandsFor, count: number) =>
  Array.from({ length: count }, (_, n) => of.createUser(`${of.account}-${n}`));

describe('X87: what a company may add to the log in a day', () => {
  it('counts its client accounts, not other companies, and ends at midnight', async () => {
    const { clock, execute } = scene(20_000);
    await runAll(execute, acme.open(), globex.open(), client.openUnder('acme'));
    await expect(runAll(execute, ...users(client, 60))).rejects.toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringContaining('from 2026-05-02T00:00:00.000Z on'),
    });
    await refuses(execute, acme.createUser('bob'), 'quota_exceeded');
    await execute.run(globex.createUser('bob'));
    clock.time = day(2);
    await execute.run(acme.createUser('bob'));
  });

  it('does not keep a company from taking away, nor its users from signing in', async () => {
    const { execute } = scene(20_000);
    await runAll(
      execute,
      acme.open(),
      acme.createUser('bob'),
      acme.createGroup('g'),
      acme.addToGroup('bob', 'g'),
    );
    await expect(runAll(execute, ...users(acme, 60))).rejects.toMatchObject({ code: 'quota_exceeded' });
    await refuses(execute, acme.createUser('x'), 'quota_exceeded');
    await runAll(execute, acme.recordSignIn('bob'), acme.removeFromGroup('bob', 'g'), acme.deleteUser('bob'));
  });

  it('counts what was in the log of the day before a start', async () => {
    const { clock, store, execute } = scene(1e9);
    await runAll(execute, acme.open(), ...users(acme, 20));
    clock.time = day(2);
    await runAll(execute, ...users(client.by(acme.admin), 0), acme.createUser('bob'), acme.createUser('eve'));
    const today = [];
    for await (const page of store.readStream(accountStream('acme'), -1)) today.push(...page.slice(-2));
    const bytes = today.reduce((sum, event) => sum + sizeOf(event), 0);
    const head = today.at(-1)?.revision ?? 0;
    expect(await bytesSince(store, 'acme', head, day(2))).toBe(bytes);
    const again = executeOn(store, {
      now: () => new Date(clock.time),
      daily: new DailyLog(
        bytes,
        (company, since) => bytesSince(store, company, head, since),
        () => new Date(clock.time),
      ),
    });
    await again.run(acme.deleteUser('acme-0'));
    await refuses(again, acme.createUser('one-more'), 'quota_exceeded');
  });
});
