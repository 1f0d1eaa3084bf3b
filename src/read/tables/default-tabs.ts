import { integer, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

/** `place` orders the tabs that were added together. */
export const defaultTabs = versioned('default_tabs', {
  key: ['group', 'tab'],
  columns: { group: integer, tab: text, place: integer },
  now: [['group', 'since', 'place']],
});

export const defaultTabHandlers = ({ database, entities }: Writers) => {
  const rows = defaultTabs.in(database);
  const open = (at: EventContext, group_id: string, tabs: readonly string[]) => {
    const group = entities.number(group_id);
    for (const [place, tab] of tabs.entries()) rows.open(at, { group, tab, place });
  };
  return {
    GroupDefaultTabsAdded: ({ group_id, tab_ids }, at) => open(at, group_id, tab_ids),
    GroupRestored: ({ group_id, default_tabs }, at) => open(at, group_id, default_tabs),
    GroupDeleted: ({ group_id }, at) => void rows.closeAll(at, { group: entities.number(group_id) }),
  } satisfies Handlers;
};
