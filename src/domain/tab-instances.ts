import { noTexts, requireText } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { JournaledMap } from './journaled-map.js';
import { NestedMap } from './nested-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, record } from './shape.js';
import { nameRule } from './text.js';

/** A user's own copy of a tab: the tab's id is the caller's, the instance's is ours. */
export interface TabInstance {
  readonly tab_instance_id: string;
  readonly tab_id: string;
}

/** Gives a user instances of tabs; tabs the user has already are passed over. */
export class AddUserTabInstances extends AccountCommand<{
  readonly user_id: string;
  readonly instances: readonly TabInstance[];
}> {
  readonly type = 'AddUserTabInstances';
}

export class RemoveUserTabInstance extends AccountCommand<{
  readonly user_id: string;
  readonly tab_instance_id: string;
}> {
  readonly type = 'RemoveUserTabInstance';
}

export type TabInstanceCommand = AddUserTabInstances | RemoveUserTabInstance;

export type UserTabInstancesAdded = Event<
  'UserTabInstancesAdded',
  { user_id: string; instances: readonly TabInstance[] }
>;
export type UserTabInstanceRemoved = Event<
  'UserTabInstanceRemoved',
  { user_id: string; tab_instance_id: string }
>;

export type TabInstanceEvent = UserTabInstancesAdded | UserTabInstanceRemoved;

/** Under each user the ids of the user's instances, by tab. */
type TabInstances = NestedMap;

/** @throws Rejection user_not_found, tab_instance_not_found; quota_exceeded for more than a user may have */
function decide(command: TabInstanceCommand, self: TabInstances, questions: Questions): TabInstanceEvent[] {
  const { user_id } = command.data;
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  const own = self.get(user_id);
  switch (command.type) {
    case 'AddUserTabInstances': {
      const instances = withoutTabsOf(own, command.data.instances);
      if (instances.length === 0) return [];
      questions.requireRoom('tab_instances', own?.size ?? 0, instances.length);
      return [{ type: 'UserTabInstancesAdded', data: { user_id, instances } }];
    }
    case 'RemoveUserTabInstance': {
      const { tab_instance_id } = command.data;
      if (tabOf(own, tab_instance_id) === undefined) throw new Rejection('tab_instance_not_found');
      return [{ type: 'UserTabInstanceRemoved', data: { user_id, tab_instance_id } }];
    }
  }
}

/** The instances of tabs that are not there yet, the first of each tab. */
function withoutTabsOf(
  own: JournaledMap<string> | undefined,
  instances: readonly TabInstance[],
): TabInstance[] {
  const first = new Map<string, TabInstance>();
  for (const instance of instances) {
    const { tab_id } = instance;
    if (!own?.has(tab_id) && !first.has(tab_id)) first.set(tab_id, instance);
  }
  return [...first.values()];
}

function tabOf(own: JournaledMap<string> | undefined, instance: string): string | undefined {
  for (const [tab, id] of own ?? []) if (id === instance) return tab;
  return undefined;
}

/** Applies an event in place. */
function evolve(self: TabInstances, event: TabInstanceEvent): void {
  const { user_id } = event.data;
  const own = self.inner(user_id);
  switch (event.type) {
    case 'UserTabInstancesAdded':
      for (const { tab_id, tab_instance_id } of event.data.instances) own.set(tab_id, tab_instance_id);
      return;
    case 'UserTabInstanceRemoved': {
      const tab = tabOf(own, event.data.tab_instance_id);
      if (tab === undefined) throw new Error('The end of a tab instance that does not exist');
      own.delete(tab);
      if (own.size === 0) self.delete(user_id);
    }
  }
}

export const tabInstances = aggregate<TabInstanceCommand, TabInstanceEvent>()({
  state: (journal) => ({ tabInstances: new NestedMap(journal) }),
  commands: {
    AddUserTabInstances: {
      class: AddUserTabInstances,
      needs: 'user.manage',
      admit: ({ data: { user_id, instances } }, { tabInstances }) => {
        const own = tabInstances.get(user_id);
        for (const { tab_id } of instances) if (!own?.has(tab_id)) requireText(nameRule, 'tab_ids', tab_id);
      },
    },
    RemoveUserTabInstance: { class: RemoveUserTabInstance, needs: 'user.manage', admit: noTexts },
  },
  events: {
    UserTabInstancesAdded: told('update', 'added tabs to {user}', {
      user_id: id,
      instances: list(record({ tab_instance_id: id, tab_id: id })),
    }),
    UserTabInstanceRemoved: told('update', 'removed a tab from {user}', { user_id: id, tab_instance_id: id }),
  },
  decide: (command, { tabInstances }, questions) => decide(command, tabInstances, questions),
  evolve: ({ tabInstances }, { event }) => evolve(tabInstances, event),
  follow: {
    UserDeleted: ({ tabInstances }, { user_id }) => tabInstances.delete(user_id),
    UserRestored: ({ tabInstances }, { user_id, tab_instances }) => {
      if (tab_instances.length === 0) return;
      const own = tabInstances.inner(user_id);
      for (const { tab_id, tab_instance_id } of tab_instances) own.set(tab_id, tab_instance_id);
    },
  },
});
