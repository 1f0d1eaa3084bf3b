import { mapExample } from '../openapi/example-schema.js';

export const propertiesExample = mapExample({ department: 'Sales' });
export const tabInstanceExample = {
  ...{ id: 'f0e1d2c3b4a5968778695a4b3c2d1e0f', tab_id: '8b1c5d6e7f', name: '', context: mapExample({}) },
};
export const tabsAndPropertiesExample = {
  tab_instances: [tabInstanceExample.id],
  properties: propertiesExample,
};
