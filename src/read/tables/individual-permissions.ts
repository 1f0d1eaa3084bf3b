import { integer, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';
import { permissionList, permissionValues } from './permission-list.js';

export const individualPermissions = versioned('individual_permissions', {
  key: ['user'],
  columns: { user: integer, ...permissionList },
});

export const individualPermissionHandlers = ({ database, entities }: Writers) => {
  const rows = individualPermissions.in(database);
  const put = (at: EventContext, user_id: string, permissions: readonly string[]) =>
    rows.put(at, { user: entities.number(user_id), ...permissionValues(permissions) });
  return {
    UserPermissionsReplaced: ({ user_id, permissions }, at) => put(at, user_id, permissions),
    UserRestored: ({ user_id, permissions }, at) => {
      if (permissions.length > 0) put(at, user_id, permissions);
    },
    UserDeleted: ({ user_id }, at) => rows.close(at, { user: entities.number(user_id) }),
  } satisfies Handlers;
};
