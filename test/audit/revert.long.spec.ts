import { afterEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import type { KnownIds } from '../read/question-samples.js';
import { RandomLog, type Step, stepsOf } from '../read/random-log.js';
import { CommandsFor } from '../support/commands.js';
import { Instance } from '../support/views.js';
import { answers, inverseOf, lastCommand } from './reverting.js';

let instance: Instance | undefined;
afterEach(() => instance?.stop());

const STAY = 100;

/** What is done to be taken back. */
const tried = new Set<Step['kind']>([
  ...(['updateUser', 'deleteUser', 'permit', 'updateGroup', 'deleteGroup', 'addToGroup'] as const),
  ...(['removeFromGroup', 'addToRole', 'removeFromRole', 'updateRole', 'deleteRole', 'share'] as const),
  ...(['unshare', 'setProperties', 'deleteProperty', 'addTabs', 'removeTab'] as const),
]);

const known = (account: string): KnownIds => {
  const { admin, allUsers } = new CommandsFor(account);
  const made = (kind: string) => Array.from({ length: 6 }, (_, n) => `${account}-${kind}${n}`);
  return {
    ...{ users: [admin, ...made('u')], groups: [allUsers, ...made('g')], roles: made('r') },
    clients: ['client', 'later'],
  };
};

it('after a revert every answer about the account is what it was before the command, over random histories', async () => {
  const reverted = new Set<string>();
  const property = fc.asyncProperty(stepsOf(STAY + 60, STAY + 100), async (steps: Step[]) => {
    const store = new MemoryEventStore();
    instance = await Instance.start(store);
    const [log, { execute }] = [new RandomLog(), instance];
    const run = async (step: Step) => {
      const { account } = step;
      const of = known(account);
      const at = instance?.now(account).revision ?? 0;
      const before = instance ? answers(instance, account, of) : [];
      await log.take(execute, step);
      if (!instance || instance.now(account).revision === at) return;
      const events = await lastCommand(store, account);
      const inverse = inverseOf(events, account);
      if (!inverse) return;
      try {
        await execute.run(inverse);
      } catch (error) {
        // What the inverse may refuse right after the command: an account with an Admin keeps one, a closed one is closed.
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(admin_role_requires_user|client_not_found)$/),
        });
        return;
      }
      for (const { event } of events) reverted.add(event);
      expect(answers(instance, account, of)).toEqual(before);
    };
    // The first ones stay, so that there is something to take away.
    await log.run(execute, steps.slice(0, STAY));
    for (const step of steps.slice(STAY)) if (tried.has(step.kind)) await run(step);
    await instance.stop();
    instance = undefined;
  });
  await fc.assert(property, { seed: 11, numRuns: 15, endOnFailure: true });
  expect([...reverted]).toEqual(
    expect.arrayContaining([
      ...['UserAddedToGroup', 'UserAddedToRole', 'GroupPermissionsReplaced', 'UserRenamed'],
      ...['UserDeleted', 'GroupDeleted', 'RoleDeleted', 'ClientShared'],
      ...['UserTabInstancesAdded', 'UserPropertiesSet', 'UserPropertyAdded'],
    ]),
  );
}, 180_000);
