import { integer, optionalText, type RowOf, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';
import { permissionList, permissionValues } from './permission-list.js';

export const groups = versioned('groups', {
  key: ['group'],
  columns: {
    group: integer,
    account: integer,
    name: text,
    description: text,
    external_id: optionalText,
    built_in: integer,
    ...permissionList,
  },
  by: [
    ['account', 'group'],
    ['account', 'external_id'],
  ],
});

const allUsers = {
  ...{ name: 'All Users', description: 'All of the users in your company' },
  ...{ external_id: null, ...permissionValues([]), built_in: 1 },
};

export const groupHandlers = ({ database, entities, counts }: Writers) => {
  const rows = groups.in(database);
  const key = (group_id: string) => ({ group: entities.number(group_id) });
  const open = (at: EventContext, id: string, facts: Omit<RowOf<typeof groups>, 'group' | 'account'>) => {
    const { account } = at;
    rows.open(at, { group: entities.declare(id, account), account, ...facts });
    counts.add(at, account, 'groups', 1);
  };
  return {
    CompanyOpened: ({ all_users_group_id }, at) => open(at, all_users_group_id, allUsers),
    ClientOpened: ({ all_users_group_id }, at) => open(at, all_users_group_id, allUsers),
    GroupCreated: ({ group_id, permissions, ...facts }, at) =>
      open(at, group_id, {
        ...facts,
        ...permissionValues(permissions),
        built_in: 0,
      }),
    GroupRenamed: ({ group_id, name }, at) => rows.change(at, key(group_id), { name }),
    GroupDescriptionChanged: ({ group_id, description }, at) =>
      rows.change(at, key(group_id), { description }),
    GroupExternalIdChanged: ({ group_id, external_id }, at) =>
      rows.change(at, key(group_id), { external_id }),
    GroupPermissionsReplaced: ({ group_id, permissions }, at) =>
      rows.change(at, key(group_id), permissionValues(permissions)),
    GroupDeleted: ({ group_id }, at) => {
      rows.close(at, key(group_id));
      counts.add(at, at.account, 'groups', -1);
    },
    GroupRestored: ({ group_id, name, description, external_id, permissions }, at) =>
      open(at, group_id, {
        ...{ name, description, external_id, built_in: 0 },
        ...permissionValues(permissions),
      }),
  } satisfies Handlers;
};
