import { expect, test } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, runAll } from '../support/execute.js';

const acme = new CommandsFor('acme');

test('C7: the time of an event is what the clock says, also after a spell with the clock ahead', async () => {
  const store = new MemoryEventStore();
  let time = '2027-01-31T12:00:00.000Z';
  const execute = executeOn(store, { now: () => new Date(time) });
  await runAll(execute, acme.open('Acme'));
  time = '2026-01-31T12:00:00.000Z';
  await runAll(execute, acme.createGroup('one'));
  await runAll(executeOn(store, { now: () => new Date(time) }), acme.createGroup('other'));
  const times = (await recordsOf(store, 'acme')).map(({ metadata }) => metadata.time);
  expect(times.slice(-2)).toEqual([time, time]);
  expect(times[0]).toBe('2027-01-31T12:00:00.000Z');
});
