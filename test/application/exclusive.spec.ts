import { expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { executeOn, gate, idle, runAll, WatchedStore } from '../support/execute.js';

const [acme, client, other] = ['acme', 'client', 'other'].map((id) => new CommandsFor(id)) as [
  CommandsFor,
  CommandsFor,
  CommandsFor,
];

it('Nobody reads an account for the rights of its users while a decision on it is open', async () => {
  const store = new WatchedStore(new MemoryEventStore(false));
  const execute = executeOn(store);
  await runAll(execute, acme.open(), acme.createUser('bob', { roles: [ADMIN] }));
  await runAll(execute, client.openUnder('acme'), other.openUnder('acme'));
  const [first, second, append] = [gate(), gate(), gate()];
  const steps: string[] = [];
  store.beforeRead = (stream) => {
    if (stream !== 'account-acme') return undefined;
    steps.push('read');
    return steps.length === 1 ? first.opened : second.opened;
  };
  store.beforeAppend = ({ stream }) => {
    if (stream !== 'account-acme') return undefined;
    steps.push('append');
    return append.opened;
  };
  const running: Promise<unknown>[] = [];
  for (const command of [
    client.by('bob', 'acme').createUser('x'),
    acme.createUser('y'),
    other.by('bob', 'acme').createUser('z'),
  ]) {
    running.push(execute.run(command));
    await idle();
  }
  first.open();
  await idle();
  expect(steps).toEqual(['read', 'append']);
  second.open();
  append.open();
  await Promise.all(running);
});
