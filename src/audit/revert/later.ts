import type { DomainEvent } from '../../domain/aggregates.js';
import type { ShownEntry } from '../answers.js';
import type { FilterField } from '../audit-query.js';
import { propertiesSet, type Revertible } from './revertible.js';

type Type = DomainEvent['type'];
type Touching = Pick<ShownEntry, 'event' | 'subjects' | 'changes'>;

/** Where later events are looked for that touch the same as one event: those of these types about all of these subjects. */
export interface Later {
  readonly types: readonly Type[];
  readonly about: readonly (readonly [
    field: Extract<FilterField, 'user' | 'group' | 'role' | 'subject'>,
    id: string,
  ])[];
  /** Whether an entry that was found so is in the way. */
  touches(entry: Touching): boolean;
  /** The decision sees by itself whether there are any, so they are looked for only to name them. */
  readonly isSeen?: true;
}

const whole: readonly Type[] = [
  ...(['UserDeleted', 'GroupDeleted', 'RoleDeleted'] as const),
  ...(['UserRestored', 'GroupRestored', 'RoleRestored'] as const),
];
const isWhole = ({ event }: Touching): boolean => whole.some((type) => type === event);

function thingsOf({ subjects }: Revertible): Later['about'] {
  return subjects.flatMap(({ type, id }): Later['about'] => {
    if (type === 'user' || type === 'group' || type === 'role') return [[type, id]];
    return type === 'client' ? [['subject', id]] : [];
  });
}

/** The end and the return of the thing itself. */
export function sameThing(event: Revertible): readonly Later[] {
  return [{ types: whole, about: thingsOf(event).slice(0, 1), touches: isWhole }];
}

/** Events of the same type with a field that the event has, too. */
export function sameFields(event: Revertible): readonly Later[] {
  const fields = new Set(event.changes.map(({ field }) => field));
  const about = thingsOf(event).slice(0, 1);
  const touches: Later['touches'] = (entry) =>
    isWhole(entry) || entry.changes.some(({ field }) => fields.has(field));
  return [{ types: [event.event, ...whole], about, touches }];
}

/** Events of these types about the same two things, and the end or the return of either. */
export function samePair(...types: readonly Type[]) {
  return (event: Revertible): readonly Later[] => {
    const things = thingsOf(event);
    return [{ types, about: things, touches: () => true }, ...things.map(endOf)];
  };
}

function endOf([field, id]: Later['about'][number]): Later {
  return { types: whole, about: [[field, id]], touches: ({ subjects: [first] }) => first?.id === id };
}

/** Events of these types about the same tabs of a user. */
export function sameTabs(...types: readonly Type[]) {
  return (event: Revertible): readonly Later[] => {
    const known = new Set(tabsIn(event));
    const touches: Later['touches'] = (entry) =>
      isWhole(entry) || tabsIn(entry).some((tab) => known.has(tab));
    return [{ types: [...types, ...whole], about: thingsOf(event).slice(0, 1), touches }];
  };
}

function tabsIn({ changes }: Pick<ShownEntry, 'changes'>): string[] {
  return changes
    .flatMap(({ before, after }): unknown[] => [before, after])
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .flatMap((tab) =>
      typeof tab === 'object' && tab !== null && 'tab_id' in tab ? [String(tab.tab_id)] : [],
    );
}

/** Values of the same user under the same names, and the ends of these names. */
export function sameValues(event: Revertible): readonly Later[] {
  const names = new Set(propertiesSet(event).map(([name]) => name));
  const touches: Later['touches'] = (entry) =>
    isWhole(entry) || propertiesSet(entry).some(([name]) => names.has(name));
  return [
    { types: ['UserPropertiesSet', ...whole], about: thingsOf(event).slice(0, 1), touches },
    ...namesOf(names),
  ];
}

/** The same name of a property, and values that others have under it by now. */
export function sameName({ changes }: Revertible): readonly Later[] {
  const names = new Set(changes.flatMap(({ before, after }) => [String(before ?? after)]));
  const touches: Later['touches'] = ({ changes: made }) =>
    propertiesSet({ changes: made }).some(([name, value]) => names.has(name) && value !== '');
  return [
    ...namesOf(names),
    { types: ['UserPropertiesSet', 'UserRestored'], about: [], touches, isSeen: true },
  ];
}

function namesOf(names: ReadonlySet<string>): readonly Later[] {
  const touches: Later['touches'] = ({ changes }) =>
    changes.some(({ field, before, after }) => field === 'name' && names.has(String(before ?? after)));
  return [{ types: ['UserPropertyAdded', 'UserPropertyDeleted'], about: [], touches }];
}
