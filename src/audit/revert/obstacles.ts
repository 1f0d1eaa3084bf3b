import type { ShownEntry } from '../answers.js';
import type { FilterField } from '../audit-query.js';
import type { Revertible } from './inverse.js';

/** Later events that touch the same as one event: those of these types, about all of these subjects. */
export interface Later {
  readonly types: readonly string[];
  readonly about: readonly (readonly [
    field: Extract<FilterField, 'user' | 'group' | 'role' | 'subject'>,
    id: string,
  ])[];
  /** Whether an entry that was found so is in the way. */
  touches(entry: Pick<ShownEntry, 'event' | 'changes'>): boolean;
}

const memberships = ['UserAddedToGroup', 'UserRemovedFromGroup', 'MembershipChanged'];
const assignments = ['UserAddedToRole', 'UserRemovedFromRole'];
const shares = ['ClientShared', 'ClientUnshared'];
const tabs = ['UserTabInstancesAdded', 'UserTabInstanceRemoved'];

const ends = { user: 'UserDeleted', group: 'GroupDeleted', role: 'RoleDeleted' };
const returns = { user: 'UserRestored', group: 'GroupRestored', role: 'RoleRestored' };

/** Where to look for what has touched the same as an event since, and how to tell. */
export function laterOf({ event, subjects, changes }: Revertible): readonly Later[] {
  const things = subjects.flatMap(({ type, id }): Later['about'] => {
    if (type === 'user' || type === 'group' || type === 'role') return [[type, id]];
    return type === 'client' ? [['subject', id]] : [];
  });
  const own = things.slice(0, 1);
  const whole = Object.values({ ...ends, ...returns });
  const pair = (types: readonly string[]): Later[] => [
    { types: [...types, ...whole], about: things, touches: () => true },
  ];
  if (memberships.includes(event)) return pair(memberships);
  if (assignments.includes(event)) return pair(assignments);
  if (shares.includes(event)) return pair(shares);
  const names = new Set(event === 'UserPropertiesSet' ? namesIn(changes) : changes.map(({ field }) => field));
  const touches: Later['touches'] = (entry) => {
    if (whole.includes(entry.event)) return true;
    if (entry.event === 'UserPropertiesSet') return namesIn(entry.changes).some((name) => names.has(name));
    if (entry.event === 'UserPropertyDeleted')
      return entry.changes.some(({ before }) => names.has(String(before)));
    return tabs.includes(entry.event)
      ? sharesTab(changes, entry.changes)
      : entry.changes.some(({ field }) => names.has(field));
  };
  const types = tabs.includes(event) ? tabs : Object.values(ends).includes(event) ? [] : [event];
  const later: Later[] = [{ types: [...types, ...whole], about: own, touches }];
  if (event === 'UserPropertiesSet') later.push({ types: ['UserPropertyDeleted'], about: [], touches });
  return later;
}

type Changes = ShownEntry['changes'];

function namesIn(changes: Changes): string[] {
  return changes.flatMap(({ field, after }) =>
    field === 'properties' ? Object.keys(Object(after) as object) : [],
  );
}

/** Whether two events are about the same tab of a user. */
function sharesTab(one: Changes, other: Changes): boolean {
  const known = new Set(tabsIn(one));
  return tabsIn(other).some((tab) => known.has(tab));
}

function tabsIn(changes: Changes): string[] {
  return changes
    .flatMap(({ before, after }): unknown[] => [before, after])
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .flatMap((tab) =>
      typeof tab === 'object' && tab !== null && 'tab_id' in tab ? [String(tab.tab_id)] : [],
    );
}
