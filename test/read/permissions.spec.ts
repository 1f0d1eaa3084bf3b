import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetEffectivePermissions } from '../../src/read/effective-permissions.js';
import { GetIndividualPermissions } from '../../src/read/individual-permissions.js';
import { ADMIN, CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), client.openUnder('acme'), client.createUser('client-bob'));
  await runAll(execute, acme.createRole('builders', 'klip.edit', 'tab.edit'), acme.createUser('plain'));
  await runAll(execute, acme.createGroup('g', { permissions: ['klip.edit'] }), acme.createGroup('empty'));
  await runAll(
    execute,
    acme.createUser('bob', { roles: ['builders'] }),
    acme.permit('bob', 'own', 'klip.edit'),
  );
  await runAll(execute, acme.addToGroup('bob', 'g'), acme.addToGroup('bob', 'empty'));
});
afterAll(() => instance.stop());

const effective = (user: string, page = firstPage) =>
  instance.ask(new GetEffectivePermissions(instance.now('acme'), user, page)).rows;
const individual = (user: string) => instance.ask(new GetIndividualPermissions(instance.now('acme'), user));
const holdings = (user: string) => instance.views.holdings.of({ id: user, account: 'acme' });

const role = { type: 'role', id: 'builders', name: 'builders' };
const group = { type: 'group', id: 'g', name: 'g' };

describe('The effective permissions of a user', () => {
  it('name every source of every permission', () => {
    expect(effective('bob')).toEqual([
      { permission: 'klip.edit', sources: [role, group, { type: 'individual' }] },
      { permission: 'tab.edit', sources: [role] },
      { permission: 'own', sources: [{ type: 'individual' }] },
    ]);
    // Nothing here asks for the last one.
    expect(holdings('bob')).toEqual(new Set(['klip.edit', 'tab.edit']));
  });

  it('are the one permission * for an admin', () => {
    const [first] = effective(acme.admin);
    expect(first).toEqual({ permission: '*', sources: [{ type: 'role', id: ADMIN, name: 'Admin' }] });
    expect(holdings(acme.admin)).toBe('everything');
  });

  it('are none for a user without any, or of another account', () => {
    expect(effective('plain')).toEqual([]);
    expect(holdings('plain')).toEqual(new Set());
    expect(holdings('client-bob')).toEqual(new Set());
    expect(() => effective('client-bob')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });

  it('follow what gives them: the group changed or deleted, the role taken, their own replaced', async () => {
    await instance.execute.run(acme.updateGroup({ group_id: 'g', permissions: ['group.view'] }));
    expect(effective('bob')[2]).toEqual({ permission: 'group.view', sources: [group] });
    await runAll(instance.execute, acme.deleteGroup('g'), acme.removeFromRole('bob', 'builders'));
    expect(effective('bob').map(({ permission }) => permission)).toEqual(['own', 'klip.edit']);
    await runAll(instance.execute, acme.permit('bob'));
    expect(effective('bob')).toEqual([]);
  });
});

describe('The individual permissions of a user', () => {
  it('are those given to the user alone, in the order they were sent', async () => {
    expect(individual('plain')).toEqual([]);
    await runAll(instance.execute, acme.permit('plain', 'b', 'a'), acme.addToRole('plain', 'builders'));
    expect(individual('plain')).toEqual(['b', 'a']);
    await instance.execute.run(acme.deleteUser('plain'));
    expect(() => individual('plain')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });
});
