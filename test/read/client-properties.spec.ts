import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetClientProperties } from '../../src/read/client-properties.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const umbrella = new CommandsFor('umbrella');
let instance: Instance;

beforeEach(async () => {
  instance = await Instance.start(new MemoryEventStore());
  await runAll(instance.execute, acme.open(), globex.open(), umbrella.openUnder('globex'));
  for (const client of ['one', 'two'])
    await runAll(instance.execute, new CommandsFor(client).openUnder('acme'));
});
afterEach(() => instance.stop());

const of = (client: string, account = 'acme') =>
  instance.ask(new GetClientProperties(instance.now(account), client));

it('every client has every name of its company, in the order in which they were added', async () => {
  await runAll(instance.execute, acme.setClientProperties('one', { region: 'a', tier: '1' }));
  await runAll(instance.execute, globex.setClientProperties('umbrella', { region: 'u' }));
  expect(Object.entries(of('one'))).toEqual([
    ['region', 'a'],
    ['tier', '1'],
  ]);
  expect(of('two')).toEqual({ region: '', tier: '' });
  expect(of('umbrella', 'globex')).toEqual({ region: 'u' });
});

it('a name goes with its values, which no later name of that sort shows', async () => {
  await runAll(instance.execute, acme.setClientProperties('one', { region: 'a' }));
  await runAll(instance.execute, acme.deleteClientProperty('two', 'region'));
  expect(of('one')).toEqual({});
  await runAll(instance.execute, acme.setClientProperties('two', { region: 'b' }));
  expect([of('one'), of('two')]).toEqual([{ region: '' }, { region: 'b' }]);
});

it('names of users are none of clients', async () => {
  await runAll(instance.execute, acme.createUser('bob'), acme.setProperties('bob', { team: 'a' }));
  await runAll(instance.execute, acme.setClientProperties('one', { region: 'a' }));
  expect(of('one')).toEqual({ region: 'a' });
});

it('a client that nothing is known of has them without values', () =>
  expect(Object.values(of('nowhere')).every((value) => value === '')).toBe(true));
