import { describe, expect, it } from '@jest/globals';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, refuses, runAll, WatchedStore } from '../support/execute.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');

describe('The metadata of a stored event', () => {
  it('says which command of which request caused it, and its place in the command', async () => {
    const store = new WatchedStore();
    const command = acme.open();
    await executeOn(store).run(command);
    const records = await recordsOf(store, 'acme');
    const { commandId: command_id, requestId: request_id } = command.meta;
    const actor = { kind: 'operator', id: 'operator', account: null, revision: null };
    for (const [index, { event, metadata }] of records.entries())
      expect(metadata).toEqual({
        ...{
          v: eventCatalogue[event.type].version,
          metadata_v: 2,
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        },
        ...{ command_id, index, count: records.length, actor, via: 'v1', request_id },
        credential: { kind: 'operator_key' },
      });
  });

  it('names the actor with the account and the revision at which the right was checked', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await execute.run(acme.open());
    const { revision } = await execute.run(acme.createUser('bob'));
    await execute.run(acme.by(acme.admin).createUser('eve'));
    const [record] = await recordsOf(store, 'acme', revision);
    expect(record?.metadata.actor).toEqual({ kind: 'user', id: acme.admin, account: 'acme', revision });
  });

  it('names the revision at which a right was checked that was given in the very same append', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    await runAll(execute, acme.open(), acme.createUser('bob'));
    store.appends.length = 0;
    const given = execute.run(acme.permit('bob', 'user.manage'));
    const used = execute.run(acme.by('bob').createUser('eve'));
    const { revision } = await given;
    await used;
    expect(store.appends).toHaveLength(1);
    const [record] = await recordsOf(store, 'acme', revision);
    expect(record?.metadata.actor).toEqual({ kind: 'user', id: 'bob', account: 'acme', revision });
  });

  it("names the revision of the parent account when the parent's user acts in a client account", async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    const { revision } = await execute.run(acme.open());
    await runAll(execute, client.openUnder('acme'), client.by(acme.admin, 'acme').createUser('bob'));
    const [, record] = await recordsOf(store, 'client');
    expect(record?.metadata.actor).toEqual({ kind: 'user', id: acme.admin, account: 'acme', revision });
  });

  it('holds no name, address or free text', async () => {
    const store = new WatchedStore();
    const execute = executeOn(store);
    const facts = {
      first_name: 'Secret',
      last_name: 'Secret',
      email: 'secret@x.example',
      external_id: 'secret',
    };
    const commands = [
      acme.open('Secret'),
      ...[acme.createUser('bob', facts), acme.createGroup('g', { name: 'Secret', description: 'secret' })],
      acme.updateUser({ user_id: 'bob', first_name: 'More secret' }),
    ];
    await runAll(execute, ...commands);
    const metadata = store.appends.flatMap(({ events }) => events.map((event) => event.metadata));
    expect(metadata.join()).not.toMatch(/secret|x\.example/i);
  });
});

describe('The time of a stored event', () => {
  it('is what the clock said at the decision, also when the clock was set back: order is the revision', async () => {
    const store = new WatchedStore();
    const clock = ['12:00', '12:30', '11:00', '11:30', '12:45', '09:00'].map(
      (time) => new Date(`2024-05-01T${time}:00.000Z`),
    );
    const now = () => clock.shift() ?? new Date(0);
    const execute = executeOn(store, { now });
    await runAll(execute, acme.open(), acme.createUser('a'), acme.createUser('b'));
    await Promise.all(['c', 'd', 'e'].map((id) => execute.run(acme.createUser(id))));
    const times = (await recordsOf(store, 'acme')).map(({ metadata }) => metadata.time.slice(11, 16));
    expect(times.slice(-6)).toEqual(['12:00', '12:30', '11:00', '11:30', '12:45', '09:00']);
  });

  it('is that of the clock of the process that decides, whatever others have written before', async () => {
    const store = new WatchedStore();
    const early = () => new Date('2020-01-01T00:00:00.000Z');
    await executeOn(store, { now: () => new Date('2024-05-01T12:00:00.000Z') }).run(acme.open());
    const late = executeOn(store, { now: early });
    await refuses(late, acme.deleteUser('nobody'), 'user_not_found');
    await late.run(acme.createUser('bob'));
    expect((await recordsOf(store, 'acme')).at(-1)?.metadata.time).toBe('2020-01-01T00:00:00.000Z');
  });
});
