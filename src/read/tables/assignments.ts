import { integer, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

/** Which users hold which roles. The holders of a built-in role are counted for each account. */
export const assignments = versioned('assignments', {
  key: ['user', 'role'],
  columns: { user: integer, role: integer, account: integer },
  by: [['account', 'role', 'user']],
});

export const assignmentHandlers = ({ database, entities, counts }: Writers) => {
  const rows = assignments.in(database);
  const key = (ids: { readonly user_id: string; readonly role_id: string }) => ({
    ...{ user: entities.number(ids.user_id), role: entities.number(ids.role_id) },
  });
  const open = (at: EventContext, ids: { readonly user_id: string; readonly role_id: string }) => {
    const { user, role } = key(ids);
    rows.open(at, { user, role, account: at.account });
    counts.add(at, role, 'holders', 1);
  };
  return {
    UserAddedToRole: (ids, at) => open(at, ids),
    UserRestored: ({ user_id, roles }, at) => {
      for (const role_id of roles) open(at, { user_id, role_id });
    },
    RoleRestored: ({ role_id, users }, at) => {
      for (const user_id of users) open(at, { user_id, role_id });
    },
    UserRemovedFromRole: (ids, at) => {
      const { user, role } = key(ids);
      rows.close(at, { user, role });
      counts.add(at, role, 'holders', -1);
    },
    RoleDeleted: ({ role_id }, at) => {
      const role = entities.number(role_id);
      counts.add(at, role, 'holders', -rows.closeMany(at, { account: at.account, role }));
    },
    UserDeleted: ({ user_id }, at) => {
      const closed = rows.closeAll(at, { user: entities.number(user_id) });
      for (const { role } of closed) counts.add(at, role, 'holders', -1);
    },
  } satisfies Handlers;
};
