import { describe, expect, it } from '@jest/globals';
import { CreateGroup } from '../../src/domain/group.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, gate, idle, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');

describe('Execute', () => {
  it('answers with the events of the command and the revision of the last one', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await execute.run(acme.open());
    const { account, revision, events } = await execute.run(acme.createUser('bob', { password_hash: 'h' }));
    expect(account).toBe('acme');
    expect(events.map(({ type }) => type)).toEqual(['UserCreated', 'UserPasswordSet']);
    const stored = await recordsOf(store, 'acme', revision - events.length);
    expect(stored.map(({ event }) => event)).toEqual(events);
  });

  it('answers a command that changes nothing with the revision at which that was true', async () => {
    const execute = executeOn(new WatchedStore());
    await execute.run(acme.open());
    const { revision } = await execute.run(acme.createUser('bob'));
    const outcome = await execute.run(acme.updateUser({ user_id: 'bob', last_name: 'Doe' }));
    expect(outcome).toMatchObject({ account: 'acme', revision, events: [] });
  });

  it('answers nobody before the append is done', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await runAll(execute, acme.open(), acme.createUser('bob'));
    const { opened, open } = gate();
    store.afterAppend = () => opened;
    const answered: string[] = [];
    const running = [
      execute.run(acme.createUser('eve')).then(() => answered.push('change')),
      execute.run(acme.updateUser({ user_id: 'bob' })).then(() => answered.push('no change')),
      execute.run(acme.deleteUser('nobody')).catch(() => answered.push('refusal')),
    ];
    await idle();
    expect(answered).toEqual([]);
    open();
    await Promise.all(running);
    expect(answered).toEqual(['change', 'no change', 'refusal']);
  });

  it('T254: records nothing of a refusal and changes nothing', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await runAll(execute, acme.open(), acme.createUser('bob'));
    const before = await recordsOf(store, 'acme');
    const appends = store.appends.length;
    await refuses(execute, acme.createUser('rob', { email: 'BOB@x.example', roles: [] }), 'email_in_use');
    await refuses(execute, acme.deleteUser('rob'), 'user_not_found');
    expect(store.appends).toHaveLength(appends);
    expect(await recordsOf(store, 'acme')).toEqual(before);
  });

  it('lets a fault in deciding one command fail that command only', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await execute.run(acme.open());
    const { account, data, meta } = acme.createGroup('broken');
    const broken = new CreateGroup(
      account,
      {
        ...data,
        get name(): string {
          throw new TypeError('a fault of ours');
        },
      },
      meta,
    );
    const results = await Promise.allSettled(
      [acme.createUser('bob'), broken, acme.createUser('eve')].map((command) => execute.run(command)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'a fault of ours' } });
    await execute.run(acme.createGroup('broken'));
  });

  it('waits for commands under way when it closes, and refuses new ones', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await execute.run(acme.open());
    const { opened, open } = gate();
    store.beforeAppend = () => opened;
    const underWay = [execute.run(acme.createUser('bob')), execute.run(acme.createUser('eve'))];
    let isClosed = false;
    const closed = execute.close().then(() => (isClosed = true));
    await refuses(execute, acme.createUser('late'), 'unavailable');
    await idle();
    expect(isClosed).toBe(false);
    open();
    await closed;
    const users = (await Promise.all(underWay)).map(({ events }) => events[0]?.data);
    expect(users).toMatchObject([{ user_id: 'bob' }, { user_id: 'eve' }]);
    expect((await recordsOf(store, 'acme')).slice(-2).map(({ event }) => event.data)).toEqual(users);
  });

  it('X85 has no company wait for the external ids that another one gives to its clients', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    const hold = gate();
    store.beforeAppend = ({ stream }) => (stream === 'account-held' ? hold.opened : undefined);
    const opened = (client: string, company: string) =>
      execute.run(new CommandsFor(client).openUnder(company, { external_id: '1' }));
    const [first, second] = [opened('held', 'acme'), opened('second', 'acme')];
    expect((await opened('third', 'other')).account).toBe('third');
    expect(store.appends.map(({ stream }) => stream)).not.toContain('account-second');
    hold.open();
    await Promise.all([first, second]);
  });
});
