import type { TabInstance } from '../../domain/tab-instances.js';
import { integer, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

export const tabInstances = versioned('tab_instances', {
  key: ['tab_instance'],
  columns: { tab_instance: integer, user: integer, tab_id: text },
  by: [['user', 'tab_instance']],
});

export const tabInstanceHandlers = ({ database, entities }: Writers) => {
  const rows = tabInstances.in(database);
  const open = (at: EventContext, user_id: string, instances: readonly TabInstance[]) => {
    const user = entities.number(user_id);
    for (const { tab_instance_id, tab_id } of instances)
      rows.open(at, { tab_instance: entities.declare(tab_instance_id, at.account), user, tab_id });
  };
  return {
    UserTabInstancesAdded: ({ user_id, instances }, at) => open(at, user_id, instances),
    UserRestored: ({ user_id, tab_instances }, at) => open(at, user_id, tab_instances),
    UserTabInstanceRemoved: ({ tab_instance_id }, at) =>
      rows.close(at, { tab_instance: entities.number(tab_instance_id) }),
    UserDeleted: ({ user_id }, at) => rows.closeAll(at, { user: entities.number(user_id) }),
  } satisfies Handlers;
};
