import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import type { Moment } from '../../src/read/moment.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';
import { questionsAbout } from './question-samples.js';

const acme = new CommandsFor('acme');
let instance: Instance;

beforeEach(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), acme.createUser('bob', { password_hash: 'old' }));
  await runAll(execute, acme.createUser('eve'), acme.createGroup('g'), acme.createRole('r'));
  await runAll(execute, acme.addToGroup('bob', 'g'), acme.addToGroup('eve', 'g'), acme.addToRole('bob', 'r'));
  await runAll(execute, acme.addTabs('bob', ['i9', 'c'], ['i1', 'a']));
});
afterEach(() => instance.stop());

const known = () => ({
  users: ['bob', 'eve', acme.admin],
  groups: ['g', acme.allUsers],
  roles: ['r'],
  clients: ['client'],
});

/** Every answer about the account, but those that count or name its events. */
function answers(at: Moment): string[] {
  return questionsAbout(at, known()).map((question) => {
    try {
      return `${question.type} ${JSON.stringify(instance.ask(question))}`;
    } catch (error) {
      return String(error);
    }
  });
}

it.each([
  ['user', acme.deleteUser('bob'), acme.restoreUser('bob')],
  ['group', acme.deleteGroup('g'), acme.restoreGroup('g')],
  ['role', acme.deleteRole('r'), acme.restoreRole('r')],
])('a restored %s is in every answer as it was before its deletion', async (_, deletion, restoration) => {
  const before = answers(instance.now('acme'));
  await runAll(instance.execute, deletion);
  expect(answers(instance.now('acme'))).not.toEqual(before);
  await runAll(instance.execute, restoration);
  expect(answers(instance.now('acme'))).toEqual(before);
});

it('a restored user signs in with the password of before, each time', async () => {
  const hashes = () => instance.views.credentials.byEmail('bob@x.example').map((one) => one.password_hash);
  for (let round = 0; round < 2; round += 1) {
    await runAll(instance.execute, acme.deleteUser('bob'));
    expect(hashes()).toEqual([]);
    await runAll(instance.execute, acme.restoreUser('bob'));
    expect(hashes()).toEqual(['old']);
  }
});

it('a user who had no password has none when restored', async () => {
  await runAll(instance.execute, acme.deleteUser('eve'), acme.restoreUser('eve'));
  expect(instance.views.credentials.byEmail('eve@x.example')).toEqual([]);
});
