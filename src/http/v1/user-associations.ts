import type { QueryBus } from '@nestjs/cqrs';
import { ListTabInstances } from '../../read/tab-instances.js';
import { GetUserProperties } from '../../read/user-properties.js';
import { mapExample } from '../operation.js';
import { everything } from '../paging.js';

/** The associations that a user's full answers have in common: ids of tab instances, and values by name. */
export async function tabsAndProperties(queries: QueryBus, account: string, user: string): Promise<object> {
  const { rows } = await queries.execute(new ListTabInstances(account, user, everything));
  const properties = await queries.execute(new GetUserProperties(account, user));
  return { tab_instances: rows.map(({ id }) => id), properties };
}

export const propertiesExample = mapExample({ department: 'Sales' });
export const tabInstanceExample = {
  ...{ id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', tab_id: '8b1c5d6e7f', name: '', context: mapExample({}) },
};
export const tabsAndPropertiesExample = {
  tab_instances: [tabInstanceExample.id],
  properties: propertiesExample,
};
