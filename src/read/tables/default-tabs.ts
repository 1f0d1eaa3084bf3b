import { integer, text, versioned } from '../versioned.js';
import type { Handlers, Writers } from './handlers.js';

/** Tabs that were added together are in the order of their `place`. */
export const defaultTabs = versioned('default_tabs', {
  key: ['group', 'tab'],
  columns: { group: integer, tab: text, place: integer },
  now: [['group', 'since', 'place']],
});

export const defaultTabHandlers = ({ database, entities }: Writers) => {
  const rows = defaultTabs.in(database);
  return {
    GroupDefaultTabsAdded: ({ group_id, tab_ids }, at) => {
      const group = entities.number(group_id);
      for (const [place, tab] of tab_ids.entries()) rows.open(at, { group, tab, place });
    },
    GroupDeleted: ({ group_id }, at) => void rows.closeAll(at, { group: entities.number(group_id) }),
  } satisfies Handlers;
};
