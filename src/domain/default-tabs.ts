import { requireText } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list } from './shape.js';
import { nameRule } from './text.js';

/** Adds dashboards that members start with, by ids that are the caller's own. */
export class AddGroupDefaultTabs extends AccountCommand<{
  readonly group_id: string;
  readonly tab_ids: readonly string[];
}> {
  readonly type = 'AddGroupDefaultTabs';
}

export type GroupDefaultTabsAdded = Event<
  'GroupDefaultTabsAdded',
  { group_id: string; tab_ids: readonly string[] }
>;

/** @throws Rejection group_not_found, default_tab_limit */
function decide(
  { data: { group_id, tab_ids } }: AddGroupDefaultTabs,
  known: ReadonlySet<string>,
  questions: Questions,
): GroupDefaultTabsAdded[] {
  if (!questions.hasGroup(group_id)) throw new Rejection('group_not_found');
  const added = [...new Set(tab_ids)].filter((tab) => !known.has(tab));
  if (added.length === 0) return [];
  questions.requireRoom('default_tabs', known.size, added.length);
  return [{ type: 'GroupDefaultTabsAdded', data: { group_id, tab_ids: added } }];
}

export const defaultTabs = aggregate<AddGroupDefaultTabs, GroupDefaultTabsAdded>()({
  /** By group, in the order in which they were added; a group without any has no entry. */
  state: (journal) => ({ defaultTabs: new JournaledMap<readonly string[]>(journal) }),
  commands: {
    AddGroupDefaultTabs: {
      class: AddGroupDefaultTabs,
      needs: 'user.manage',
      admit: ({ data: { group_id, tab_ids } }, { defaultTabs }) => {
        const known = new Set(defaultTabs.get(group_id));
        for (const tab_id of tab_ids) if (!known.has(tab_id)) requireText(nameRule, 'tab_ids', tab_id);
      },
    },
  },
  events: {
    GroupDefaultTabsAdded: told('update', 'added default tabs to {group}', {
      group_id: id,
      tab_ids: list(id),
    }),
  },
  decide: (command, { defaultTabs }, questions) =>
    decide(command, new Set(defaultTabs.get(command.data.group_id)), questions),
  evolve: ({ defaultTabs }, { event: { data } }) =>
    defaultTabs.set(data.group_id, [...(defaultTabs.get(data.group_id) ?? []), ...data.tab_ids]),
  follow: {
    GroupDeleted: ({ defaultTabs }, { group_id }) => defaultTabs.delete(group_id),
    GroupRestored: ({ defaultTabs }, { group_id, default_tabs }) => {
      if (default_tabs.length > 0) defaultTabs.set(group_id, default_tabs);
    },
  },
});
