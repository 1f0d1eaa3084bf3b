import type { UserAssociations } from '../../read/associations.js';
import type { TabInstanceView } from '../../read/tab-instances.js';
import { mapExample } from '../openapi/example-schema.js';
import { groupNameExample } from './group.js';

/** What a user has of one's own; what was not asked for is absent from the JSON. */
export function tabsAndProperties({ tab_instances, properties }: UserAssociations): object {
  return { tab_instances, properties };
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
