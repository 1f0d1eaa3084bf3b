import { integer, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/**
 * The facts come from the company's stream, and the company is the `account`. The client's own stream may be
 * read earlier or later.
 */
export const clientShares = versioned('client_shares', {
  key: ['client', 'group'],
  columns: { client: integer, group: integer, account: integer, can_manage: integer },
  now: [['group']],
});

export const clientShareHandlers = ({ database, entities }: Writers) => {
  const rows = clientShares.in(database);
  const key = (ids: { readonly client_id: string; readonly group_id: string }) => ({
    ...{ client: entities.number(ids.client_id), group: entities.number(ids.group_id) },
  });
  return {
    ClientShared: ({ can_manage, ...ids }, at) =>
      rows.put(at, { ...key(ids), account: at.account, can_manage: Number(can_manage) }),
    GroupRestored: ({ group_id, share_rights }, at) => {
      for (const { client_id, can_manage } of share_rights)
        rows.put(at, {
          ...key({ client_id, group_id }),
          account: at.account,
          can_manage: Number(can_manage),
        });
    },
    ClientUnshared: (ids, at) => rows.close(at, key(ids)),
    GroupDeleted: ({ group_id }, at) => rows.closeAll(at, { group: entities.number(group_id) }),
  } satisfies Handlers;
};
