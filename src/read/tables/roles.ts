import { builtInRoles } from '../../domain/built-in-roles.js';
import type { RoleCreated } from '../../domain/role.js';
import { integer, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';
import { builtInValues, permissionList, permissionValues } from './permission-list.js';

/** The account number of built-in roles, which are the same in every account. */
export const EVERYWHERE = 0;

export const roles = versioned('roles', {
  key: ['role'],
  columns: { role: integer, account: integer, name: text, description: text, ...permissionList },
  by: [['account', 'role']],
});

export const roleHandlers = ({ database, entities, counts }: Writers) => {
  const rows = roles.in(database);
  const key = (role_id: string) => ({ role: entities.number(role_id) });
  const open = (at: EventContext, { role_id, name, description, permissions }: RoleCreated['data']) => {
    const { account } = at;
    const facts = { name, description, ...permissionValues(permissions) };
    rows.open(at, { role: entities.declare(role_id, account), account, ...facts });
    counts.add(at, account, 'roles', 1);
  };
  return {
    RoleCreated: (data, at) => open(at, data),
    RoleRenamed: ({ role_id, name }, at) => rows.change(at, key(role_id), { name }),
    RoleDescriptionChanged: ({ role_id, description }, at) => rows.change(at, key(role_id), { description }),
    RolePermissionsReplaced: ({ role_id, permissions }, at) =>
      rows.change(at, key(role_id), permissionValues(permissions)),
    RoleDeleted: ({ role_id }, at) => {
      rows.close(at, key(role_id));
      counts.add(at, at.account, 'roles', -1);
    },
    RoleRestored: (data, at) => open(at, data),
  } satisfies Handlers;
};

/** Writes the roles that need no event. A fresh database needs this once. */
export function addBuiltInRoles({ database, entities }: Writers): void {
  const rows = roles.in(database);
  for (const { id, name, description, permissions } of builtInRoles) {
    const role = entities.declare(id, EVERYWHERE);
    const row = { role, account: EVERYWHERE, name, description, ...builtInValues(permissions) };
    if (!rows.get({ role })) rows.open({ revision: 0 }, row);
  }
}
