import type { ListKind, UserAssociations } from '../../read/associations.js';
import type { UserGroupView } from '../../read/groups-of-user.js';
import type { TabInstanceView } from '../../read/tab-instances.js';
import { mapExample } from '../openapi/example-schema.js';
import { embedded } from './envelope.js';
import { groupName, groupNameExample } from './group.js';

/** What a user has; what was not asked for is absent from the JSON. @param showGroup a group as it stands there */
export function associated(
  user: string,
  associations: UserAssociations,
  showGroup: (group: UserGroupView) => object = groupName,
): object {
  const { roles, tab_instances, properties, groups, totals } = associations;
  const show = <Value>(
    kind: ListKind,
    values: readonly Value[] | undefined,
    one: (value: Value) => unknown,
  ) => {
    if (!values) return {};
    const link = `/users/${user}/${kind.replace('_', '-')}`;
    return embedded(kind, { rows: values, total: totals[kind] ?? values.length }, one, link);
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
