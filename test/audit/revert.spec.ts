import { afterEach, expect, it } from '@jest/globals';
import { type RevertibleType, revertible } from '../../src/audit/revert/inverses.js';
import type { Command } from '../../src/domain/aggregates.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { Instance } from '../support/views.js';
import { answers, inverseOf, lastCommand } from './reverting.js';

let instance: Instance | undefined;
afterEach(() => instance?.stop());

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const known = {
  ...{ users: ['acme-admin', 'bob', 'eve'], groups: ['acme-all-users', 'g', 'h'], roles: ['r', 's'] },
  clients: ['client'],
};

const scene: readonly Command[] = [
  ...[acme.open(), client.openUnder('acme')],
  ...[acme.createUser('bob', { external_id: 'hr-1', password_hash: 'hash' }), acme.createUser('eve')],
  ...[acme.createGroup('g', { permissions: ['klip.edit'] }), acme.createGroup('h')],
  ...[acme.createRole('r', 'tab.edit'), acme.createRole('s')],
  ...[acme.addToGroup('bob', 'g', true), acme.addToGroup('eve', 'g'), acme.addToRole('bob', 'r')],
  ...[acme.permit('bob', 'tab.view'), acme.setProperties('bob', { team: 'one', ['__proto__']: 'two' })],
  ...[acme.setProperties('eve', { team: 'three' }), acme.addTabs('bob', ['i1', 'home'], ['i2', 'sales'])],
  ...[acme.addDefaultTabs('g', 'b', 'a'), acme.share('client', 'g', true)],
];

/** What records each type of event, perhaps among others that can be taken back with it. */
const changes: { readonly [Type in RevertibleType]: readonly Command[] } = {
  UserRenamed: [acme.updateUser({ user_id: 'bob', first_name: 'New', last_name: 'Name' })],
  UserEmailChanged: [
    acme.updateUser({ user_id: 'bob', email: 'new@x.example', first_name: 'New', external_id: 'hr-2' }),
  ],
  UserExternalIdChanged: [acme.updateUser({ user_id: 'bob', external_id: null })],
  UserPermissionsReplaced: [acme.permit('bob', 'klip.view', 'tab.view')],
  UserPropertyAdded: [
    acme.setProperties('eve', { floor: '7', team: 'four' }),
    acme.setProperties('eve', { empty: '' }),
  ],
  UserPropertiesSet: [acme.setProperties('bob', { team: '' })],
  UserPropertyDeleted: [acme.deleteProperty('bob', 'team')],
  UserTabInstancesAdded: [acme.addTabs('bob', ['i3', 'three'], ['i4', 'four'])],
  UserTabInstanceRemoved: [acme.removeTab('bob', 'i2')],
  UserDeleted: [acme.deleteUser('bob')],
  GroupRenamed: [acme.updateGroup({ group_id: 'g', name: 'New', description: 'D', permissions: [] })],
  GroupDescriptionChanged: [acme.updateGroup({ group_id: 'g', description: 'D' })],
  GroupExternalIdChanged: [acme.updateGroup({ group_id: 'g', external_id: 'x' })],
  GroupPermissionsReplaced: [acme.updateGroup({ group_id: 'g', permissions: ['a', 'b'] })],
  UserAddedToGroup: [acme.addToGroup('bob', 'h', true)],
  UserRemovedFromGroup: [acme.removeFromGroup('bob', 'g'), acme.removeFromGroup('eve', 'g')],
  MembershipChanged: [acme.addToGroup('bob', 'g', false), acme.addToGroup('eve', 'g', true)],
  ClientShared: [acme.share('client', 'h'), acme.share('client', 'g', false)],
  ClientUnshared: [acme.unshare('client', 'g')],
  GroupDeleted: [acme.deleteGroup('g')],
  RoleRenamed: [acme.updateRole({ role_id: 'r', name: 'New' })],
  RoleDescriptionChanged: [acme.updateRole({ role_id: 'r', description: 'D', name: 'N' })],
  RolePermissionsReplaced: [acme.removeRolePermissions('r', 'tab.edit')],
  UserAddedToRole: [acme.addToRole('bob', 's')],
  UserRemovedFromRole: [acme.removeFromRole('bob', 'r')],
  RoleDeleted: [acme.deleteRole('r')],
};

it.each(revertible)(
  '%s: after its revert every answer is what it was before, and a revert can be reverted unless it restores',
  async (type) => {
    const store = new MemoryEventStore();
    instance = await Instance.start(store);
    for (const command of scene) await instance.execute.run(command);
    for (const command of changes[type]) {
      const before = answers(instance, 'acme', known);
      await instance.execute.run(command);
      expect(answers(instance, 'acme', known)).not.toEqual(before);
      const events = await lastCommand(store, 'acme');
      expect(events.map(({ event }) => event)).toContain(type);
      const inverse = inverseOf(events, 'acme');
      if (!inverse) throw new Error(`${type} has no inverse`);
      await instance.execute.run(inverse);
      expect(answers(instance, 'acme', known)).toEqual(before);
      const again = inverseOf(await lastCommand(store, 'acme'), 'acme');
      expect(again === undefined).toBe(['UserDeleted', 'GroupDeleted', 'RoleDeleted'].includes(type));
    }
  },
);
