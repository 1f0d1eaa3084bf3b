import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetUserProperties } from '../../src/read/user-properties.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeEach(async () => {
  instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), client.openUnder('acme'));
  await runAll(instance.execute, acme.createUser('bob'), acme.createUser('eve'), client.createUser('kim'));
});
afterEach(() => instance.stop());

const of = (user: string, account = 'acme') =>
  instance.ask(new GetUserProperties(instance.now(account), user));
const rows = (table: string) =>
  instance.views.database
    .prepare<{ since: number; until: number }>(`SELECT since, until FROM ${table} ORDER BY since`)
    .all()
    .map(({ since, until }) => [since, until]);

it('T404: every user has every name of the account, in the order in which they were added', async () => {
  await runAll(instance.execute, acme.setProperties('bob', { team: 'a', floor: '1' }));
  await runAll(instance.execute, client.setProperties('kim', { team: 'k' }), acme.createUser('lou'));
  expect(Object.entries(of('bob'))).toEqual([
    ['team', 'a'],
    ['floor', '1'],
  ]);
  expect(of('lou')).toEqual({ team: '', floor: '' });
  expect(of('kim', 'client')).toEqual({ team: 'k' });
});

it('T404: a name goes without a change of its values, which no later name of that sort shows', async () => {
  await runAll(instance.execute, acme.setProperties('bob', { team: 'a' }));
  const before = rows('user_property_values');
  await runAll(instance.execute, acme.deleteProperty('eve', 'team'));
  expect(of('bob')).toEqual({});
  expect(rows('user_property_values')).toEqual(before);
  await runAll(instance.execute, acme.setProperties('eve', { team: 'b' }));
  expect([of('bob'), of('eve')]).toEqual([{ team: '' }, { team: 'b' }]);
});

it('a value that is taken away leaves no row that holds now', async () => {
  await runAll(instance.execute, acme.setProperties('bob', { team: 'a' }));
  await runAll(instance.execute, acme.setProperties('bob', { team: '' }));
  const [[since, until] = []] = rows('user_property_values');
  expect(rows('user_property_values')).toHaveLength(1);
  expect(until).toBe(Number(since) + 1);
});

it.each(['kim', 'gone', 'nobody'])('the properties of a user who is not in the account: %s', async (user) => {
  await runAll(instance.execute, acme.createUser('gone'), acme.setProperties('gone', { team: 'a' }));
  await runAll(instance.execute, acme.deleteUser('gone'));
  expect(() => of(user)).toThrow(expect.objectContaining({ code: 'user_not_found' }));
});
