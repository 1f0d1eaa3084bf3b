import { setImmediate as turn } from 'node:timers/promises';
import {
  type AssociationKind,
  ListAssociations,
  type ListKind,
  type UserAssociations,
} from '../../read/associations.js';
import type { Moment } from '../../read/moment.js';
import type { UserGroupView } from '../../read/groups-of-user.js';
import type { TabInstanceView } from '../../read/tab-instances.js';
import type { Door } from '../door/door.js';
import type { Room } from '../door/room.js';
import { mapExample } from '../openapi/example-schema.js';
import { embedded } from './envelope.js';
import { groupName, groupNameExample } from './group.js';

/** How many users are looked at before others have their turn. */
const PIECE = 100;

interface Asked {
  readonly at: Moment;
  readonly kinds: readonly AssociationKind[];
  /** Makes a link of a path, without the API's prefix. */
  readonly link: (path: string) => string;
  /** A group as it stands there. */
  readonly showGroup?: (group: UserGroupView) => object;
}

/**
 * What users have, in their order: each list as long as a list may be, while the answer has room. What was not asked
 * for is absent from the JSON.
 */
export async function associationsOf(
  door: Door,
  users: readonly string[],
  asked: Asked,
): Promise<readonly object[]> {
  const room = door.room();
  const shown: object[] = [];
  while (shown.length < users.length) {
    const most = room.isFull ? 0 : room.rows;
    const piece = users.slice(shown.length, shown.length + PIECE);
    const found = await door.ask(new ListAssociations(asked.at, piece, asked.kinds, most));
    // Only the first has all that it may have. A later one that is cut is asked for again, as the first.
    const cut = found.findIndex(({ totals }, place) => place > 0 && Object.keys(totals).length > 0);
    const settled = most === 0 || cut < 0 ? found : found.slice(0, cut);
    for (const one of settled) shown.push(associated(users[shown.length] ?? '', one, asked, room));
    if (settled.length === 0) break;
    await turn();
  }
  return shown;
}

function associated(
  user: string,
  associations: UserAssociations,
  { link, showGroup = groupName }: Asked,
  room: Room,
): object {
  const { roles, tab_instances, properties, groups, totals } = associations;
  const show = <Value extends object | string>(
    kind: ListKind,
    values: readonly Value[] | undefined,
    one: (value: Value) => unknown,
  ) => {
    if (!values) return {};
    const page = { rows: room.take(values), total: totals[kind] ?? values.length };
    return embedded(kind, page, one, link(`/users/${user}/${kind.replace('_', '-')}`));
  };
  return {
    ...show('roles', roles, (id) => id),
    ...show('tab_instances', tab_instances, (id) => id),
    properties,
    ...show('groups', groups, showGroup),
  };
}

/** A tab instance: tabs are the caller's, who alone knows their names; a context is what a dashboard would keep there. */
export function tabInstanceRow({ id, tab_id }: TabInstanceView): object {
  return { id, tab_id, name: '', context: {} };
}

export const propertiesExample = mapExample({ department: 'Sales' });
export const tabInstanceExample = {
  ...{ id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', tab_id: '8b1c5d6e7f', name: '', context: mapExample({}) },
};
export const tabsAndPropertiesExample = {
  tab_instances: [tabInstanceExample.id],
  properties: propertiesExample,
};
export const associationsExample = {
  ...{ ...tabsAndPropertiesExample, groups: [groupNameExample] },
  roles: ['a0000000000000000000000000000002'],
};
