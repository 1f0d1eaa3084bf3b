import { only } from '../../event-store/sqlite.js';
import { integer, versioned } from '../versioned.js';
import { NOW } from '../views-database.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

/** The members of groups. Every user is also in All Users. */
export const memberships = versioned('memberships', {
  key: ['group', 'user'],
  columns: { group: integer, user: integer, can_edit: integer },
  by: [['user', 'group']],
});

export const membershipHandlers = ({ database, entities, counts }: Writers) => {
  const rows = memberships.in(database);
  const allUsers = database.prepare<{ group: number }>(
    `SELECT all_users_group AS "group" FROM accounts WHERE account = ? AND until = ${NOW}`,
  );
  const key = (ids: { readonly user_id: string; readonly group_id: string }) => ({
    ...{ group: entities.number(ids.group_id), user: entities.number(ids.user_id) },
  });
  const open = (at: EventContext, group: number, user: number, can_edit: boolean) => {
    rows.open(at, { group, user, can_edit: Number(can_edit) });
    counts.add(at, group, 'members', 1);
  };
  const openAllUsers = (at: EventContext, user_id: string) =>
    open(at, only(allUsers.get(at.account)).group, entities.number(user_id), false);
  return {
    UserCreated: ({ user_id }, at) => openAllUsers(at, user_id),
    UserRestored: ({ user_id, memberships: all }, at) => {
      openAllUsers(at, user_id);
      for (const { group_id, can_edit } of all) {
        const { group, user } = key({ user_id, group_id });
        open(at, group, user, can_edit);
      }
    },
    GroupRestored: ({ group_id, memberships: all }, at) => {
      for (const { user_id, can_edit } of all) {
        const { group, user } = key({ user_id, group_id });
        open(at, group, user, can_edit);
      }
    },
    UserDeleted: ({ user_id }, at) => {
      const closed = rows.closeAll(at, { user: entities.number(user_id) });
      for (const { group } of closed) counts.add(at, group, 'members', -1);
    },
    GroupDeleted: ({ group_id }, at) => {
      const group = entities.number(group_id);
      counts.add(at, group, 'members', -rows.closeMany(at, { group }));
    },
    UserAddedToGroup: ({ can_edit, ...ids }, at) => {
      const { group, user } = key(ids);
      open(at, group, user, can_edit);
    },
    MembershipChanged: ({ can_edit, ...ids }, at) =>
      rows.change(at, key(ids), { can_edit: Number(can_edit) }),
    UserRemovedFromGroup: (ids, at) => {
      const { group, user } = key(ids);
      rows.close(at, { group, user });
      counts.add(at, group, 'members', -1);
    },
  } satisfies Handlers;
};
