import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ListShareRights } from '../../src/read/share-rights.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeEach(async () => {
  instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), client.openUnder('acme'), acme.createUser('bob'));
  await runAll(instance.execute, acme.createGroup('sales'), acme.createGroup('stock'));
  await runAll(instance.execute, acme.addToGroup('bob', 'sales'));
});
afterEach(() => instance.stop());

const rights = (account = 'client') =>
  instance.ask(new ListShareRights(instance.now('acme'), account, firstPage));
const reaches = (user = 'bob', account = 'client') =>
  [false, true].map((toManage) =>
    instance.views.holdings.reaches({ user_id: user, account: 'acme' }, account, toManage),
  );
const run = (...commands: Parameters<Instance['execute']['run']>[0][]) =>
  runAll(instance.execute, ...commands);

describe('The groups a client is shared with', () => {
  it('T409: come in the order of the groups, with their names', async () => {
    await run(acme.share('client', 'stock', true), acme.share('client', 'sales'));
    await run(acme.updateGroup({ group_id: 'sales', name: 'Sold' }));
    expect(rights()).toEqual({
      rows: [
        { group_id: 'sales', group_name: 'Sold', can_manage: false },
        { group_id: 'stock', group_name: 'stock', can_manage: true },
      ],
      total: 2,
    });
  });

  it('T409: are those that hold now, from when until when', async () => {
    await run(acme.share('client', 'sales'), acme.share('client', 'sales', true));
    await run(acme.unshare('client', 'sales'), acme.share('client', 'stock'), acme.deleteGroup('stock'));
    expect(rights()).toEqual({ rows: [], total: 0 });
    const rows = instance.views.database
      .prepare<Record<string, number>>('SELECT since, until, can_manage FROM client_shares ORDER BY since')
      .all();
    const [{ since: first = 0 } = {}] = rows;
    expect(
      rows.map(({ since = 0, until = 0, can_manage }) => [since - first, until - first, can_manage]),
    ).toEqual([
      [0, 1, 0],
      [1, 2, 1],
      [3, 4, 0],
    ]);
  });

  it('may be told before the client itself is', async () => {
    await run(acme.share('later', 'sales', true), acme.setClientProperties('later', { tier: '1' }));
    expect(rights('later').rows).toMatchObject([{ group_id: 'sales' }]);
    expect(instance.views.tree.parentOf('later')).toBeUndefined();
    await run(new CommandsFor('later').openUnder('acme'));
    expect(rights('later').rows).toMatchObject([{ group_id: 'sales' }]);
    expect(reaches('bob', 'later')).toEqual([true, true]);
  });
});

describe('Whether a user reaches a client', () => {
  const [no, look, manage] = [
    [false, false],
    [true, false],
    [true, true],
  ];

  it('T409: by a share of a group the user is in, as long as all of it lasts', async () => {
    expect(reaches()).toEqual(no);
    await run(acme.share('client', 'stock', true));
    expect(reaches()).toEqual(no);
    await run(acme.share('client', 'sales'));
    expect([reaches(), reaches('bob', 'other'), reaches(acme.admin)]).toEqual([look, no, no]);
    await run(acme.share('client', 'sales', true));
    expect(reaches()).toEqual(manage);
    await run(acme.removeFromGroup('bob', 'sales'));
    expect(reaches()).toEqual(no);
    await run(acme.addToGroup('bob', 'stock'));
    expect(reaches()).toEqual(manage);
    await run(acme.deleteGroup('stock'));
    expect(reaches()).toEqual(no);
  });

  it('T409: of several shares one that lets manage is enough', async () => {
    await run(acme.share('client', acme.allUsers), acme.share('client', 'sales', true));
    expect([reaches(), reaches(acme.admin)]).toEqual([manage, look]);
    await run(acme.unshare('client', 'sales'));
    expect(reaches()).toEqual(look);
  });

  it('X77: All Users are all the users of the company, and nobody of the client', async () => {
    await run(acme.share('client', acme.allUsers, true), client.createUser('cleo'), acme.createUser('eve'));
    expect([reaches('eve'), reaches('cleo'), reaches('nobody')]).toEqual([manage, no, no]);
    await run(acme.deleteUser('eve'));
    expect(reaches('eve')).toEqual(no);
  });
});
