import { describe, expect, it } from '@jest/globals';
import type { Execute } from '../../src/application/execute.js';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, gate, idle, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const atClient = (id: string) => client.by(id, 'acme');

/** Acme with its admin and the manager Max, and a client of Acme, shared with all, with a manager of its own. */
async function company(execute: Execute): Promise<void> {
  await runAll(execute, acme.open(), acme.createUser('max'), acme.permit('max', 'user.manage'));
  await runAll(
    execute,
    client.openUnder('acme'),
    client.createUser('cleo'),
    client.permit('cleo', 'user.manage'),
    acme.share('client', acme.allUsers, true),
  );
}

describe('The right to a command is checked on the state it changes', () => {
  it('T154: who lost it a moment ago is refused, in the same append even', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    store.appends.length = 0;
    const taken = execute.run(acme.permit('max'));
    const refused = refuses(execute, acme.by('max').createUser('bob'), 'access_denied');
    await Promise.all([taken, refused, execute.run(acme.createUser('eve'))]);
    expect(store.appends).toHaveLength(1);
  });

  it('who got it a moment ago may', async () => {
    const execute = executeOn(new WatchedStore());
    await company(execute);
    await runAll(execute, acme.createUser('bob'), acme.createRole('managers', 'user.manage'));
    const given = execute.run(acme.by(acme.admin).addToRole('bob', 'managers'));
    await Promise.all([given, execute.run(acme.by('bob').createUser('eve'))]);
  });

  it('a user who was deleted a moment ago is refused', async () => {
    const execute = executeOn(new WatchedStore());
    await company(execute);
    const deleted = execute.run(acme.deleteUser('max'));
    await Promise.all([deleted, refuses(execute, acme.by('max').createUser('bob'), 'access_denied')]);
  });
});

describe('X97: who acts by a key that somebody else has made', () => {
  const byKey = (commands: CommandsFor, id: string) => commands.by(id, commands.account, 'k');

  it('is refused when the maker lost the right a moment ago, in the same append even', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    await runAll(execute, acme.createUser('bob'), acme.by('max').issueKey('bob', 'k'));
    await runAll(execute, acme.permit('bob', 'user.manage'), byKey(acme, 'bob').createUser('ron'));
    store.appends.length = 0;
    const taken = execute.run(acme.permit('max'));
    const refused = refuses(execute, byKey(acme, 'bob').createUser('eve'), 'access_denied');
    await Promise.all([taken, refused, execute.run(acme.by('bob').createUser('jim'))]);
    expect(store.appends).toHaveLength(1);
  });

  it('is refused when the key was revoked a moment ago', async () => {
    const execute = executeOn(new WatchedStore());
    await company(execute);
    await runAll(execute, acme.by('max').issueKey('max', 'k'), byKey(acme, 'max').createUser('ron'));
    const revoked = execute.run(acme.revokeKey('max', 'k'));
    await Promise.all([revoked, refuses(execute, byKey(acme, 'max').createUser('eve'), 'access_denied')]);
  });

  it('is refused in a client while the company takes the right or the reach of the maker', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    await runAll(execute, client.createUser('cem'), atClient('max').issueKey('cem', 'k'));
    await runAll(execute, client.permit('cem', 'user.manage'), byKey(client, 'cem').createUser('ron'));
    for (const taking of [acme.unshare('client', acme.allUsers), acme.permit('max')]) {
      const { opened, open } = gate();
      store.beforeAppend = ({ stream }) => (stream === 'account-acme' ? opened : undefined);
      const taken = execute.run(taking);
      await idle();
      const refused = refuses(execute, byKey(client, 'cem').createUser('eve'), 'access_denied');
      await idle();
      open();
      await Promise.all([taken, refused]);
      await execute.run(acme.share('client', acme.allUsers, true));
    }
  });
});

describe('Who acts in an account that is not their own', () => {
  it('may as a user of the parent with the right to it', async () => {
    const execute = executeOn(new WatchedStore());
    await company(execute);
    await runAll(execute, atClient('max').createUser('bob'), atClient(acme.admin).deleteUser('bob'));
    await refuses(execute, atClient('nobody').createUser('eve'), 'access_denied');
  });

  it('is refused while the parent account is taking the right', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    const { opened, open } = gate();
    store.beforeAppend = ({ stream }) => {
      if (stream === 'account-acme') return opened;
      open();
      return undefined;
    };
    const taken = execute.run(acme.permit('max'));
    await idle();
    const refused = refuses(execute, atClient('max').createUser('bob'), 'access_denied');
    open();
    await Promise.all([taken, refused]);
  });

  it('T409: is refused while the parent account is taking the share right', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    const { opened, open } = gate();
    store.beforeAppend = ({ stream }) => (stream === 'account-acme' ? opened : undefined);
    const taken = execute.run(acme.unshare('client', acme.allUsers));
    await idle();
    const refused = refuses(execute, atClient('max').createUser('bob'), 'access_denied');
    const done = execute.run(atClient(acme.admin).createUser('eve'));
    await idle();
    open();
    await Promise.all([taken, refused, done]);
  });

  it('T409: is refused when the share right was being given, but that was not stored', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store, { patienceMs: 0 });
    await company(execute);
    await execute.run(acme.unshare('client', acme.allUsers));
    const { opened, open } = gate();
    store.beforeAppend = async () => {
      await opened;
      throw new StoreUnavailable('The connection was lost');
    };
    const given = refuses(execute, acme.share('client', acme.allUsers, true), 'unavailable');
    await idle();
    const refused = refuses(execute, atClient('max').createUser('eve'), 'access_denied');
    await idle();
    open();
    await Promise.all([given, refused]);
  });

  it('is refused when the parent account was giving the right, but that was not stored', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store, { patienceMs: 0 });
    await company(execute);
    await execute.run(acme.createUser('bob'));
    const { opened, open } = gate();
    store.beforeAppend = async () => {
      await opened;
      throw new StoreUnavailable('The connection was lost');
    };
    const given = refuses(execute, acme.permit('bob', 'user.manage'), 'unavailable');
    await idle();
    const refused = refuses(execute, atClient('bob').createUser('eve'), 'access_denied');
    await idle();
    open();
    await Promise.all([given, refused]);
  });

  it.each([
    ['its own commands first', (one: () => unknown, other: () => unknown) => [one, other]],
    ["the client's first", (one: () => unknown, other: () => unknown) => [other, one]],
  ])('finds the parent account folded once when both read it at the same time, %s', async (_, order) => {
    const log = new MemoryEventStore();
    const writer = executeOn(log);
    await company(writer);
    await Promise.all(Array.from({ length: 600 }, (_, index) => writer.run(acme.createUser(`u${index}`))));
    await runAll(writer, acme.deleteUser('u0'));
    const store = new WatchedStore(log);
    const execute = executeOn(store);
    await execute.run(client.by('cleo').createUser('kim'));
    const { opened, open } = gate();
    store.beforeRead = () => opened;
    const running: Promise<unknown>[] = [];
    const starts = order(
      () => running.push(execute.run(acme.createUser('eve'))),
      () => running.push(execute.run(atClient('max').createUser('bob'))),
    );
    for (const start of starts) {
      start();
      await idle();
    }
    open();
    await Promise.all(running);
    expect(store.reads).toEqual(['account-client', 'account-acme']);
  });

  it('T154: is refused when coming from an unrelated account, from a client of the same company or from the client itself', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await company(execute);
    const [sibling, globex] = [new CommandsFor('sibling'), new CommandsFor('globex')];
    await runAll(execute, sibling.openUnder('acme'), globex.open());
    const strangers = [
      ...[client.by(globex.admin, 'globex'), acme.by(globex.admin, 'globex')],
      ...[sibling.by('cleo', 'client'), acme.by('cleo', 'client'), globex.by(acme.admin, 'acme')],
    ];
    for (const stranger of strangers) await refuses(execute, stranger.createUser('x'), 'access_denied');
    expect(await recordsOf(store, 'sibling')).toHaveLength(1);
  });

  it('may open a client account of their own company only', async () => {
    const execute = executeOn(new WatchedStore());
    await company(execute);
    const [fresh, other] = [new CommandsFor('fresh'), new CommandsFor('globex')];
    await execute.run(other.open());
    await execute.run(fresh.by(acme.admin, 'acme').openUnder('acme'));
    const mine = new CommandsFor('mine');
    await refuses(execute, mine.by('max', 'acme').openUnder('acme'), 'access_denied');
    await refuses(execute, mine.by(acme.admin, 'acme').openUnder('globex'), 'access_denied');
    await refuses(execute, mine.by('cleo', 'client').openUnder('client'), 'access_denied');
  });

  it('T154: is refused at once when users of two companies reach for the other company at the same time', async () => {
    const store = new WatchedStore();
    const globex = new CommandsFor('globex');
    await runAll(executeOn(store), acme.open(), globex.open());
    const execute = executeOn(store);
    await Promise.all([
      refuses(execute, acme.by(globex.admin, 'globex').createUser('x'), 'access_denied'),
      refuses(execute, globex.by(acme.admin, 'acme').createUser('x'), 'access_denied'),
    ]);
  });

  it.each([true, false])('waits for nobody who waits for them (one writer: %s)', async (soleWriter) => {
    const store = new MemoryEventStore(soleWriter);
    const execute = executeOn(store);
    await company(execute);
    const sibling = new CommandsFor('sibling');
    await execute.run(sibling.openUnder('acme'));
    const commands = Array.from({ length: 200 }, (_, index) => [
      acme.by('max').createUser(`a${index}`),
      atClient(index % 2 === 0 ? 'max' : acme.admin).createUser(`c${index}`),
      client.by('cleo').createUser(`d${index}`),
      sibling.by(acme.admin, 'acme').createUser(`s${index}`),
    ]).flat();
    const outcomes = commands.map(async (command, index) => {
      if (index % 7 === 0) await new Promise(setImmediate);
      return execute.run(command);
    });
    expect(await Promise.all(outcomes)).toHaveLength(800);
  });
});
