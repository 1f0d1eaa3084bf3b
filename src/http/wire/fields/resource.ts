import { resourceNames } from '../../../domain/client-resources.js';
import { type Check, field } from './field.js';

const isAmount: Check = (value) => Number.isInteger(value) && Number(value) >= -1 && Number(value) <= 1e9;

/** How many there may be of something: -1 for any number. */
export const IsAmount = () =>
  field('isAmount', 'a whole number from -1 to 1,000,000,000', isAmount, {
    type: 'integer',
    minimum: -1,
    maximum: 1e9,
  });

const isResource = (value: unknown): value is { readonly name: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  resourceNames.some((name) => name === value.name) &&
  'value' in value &&
  isAmount(value.value);

/** Resources of a client account: `{name, value}`, each name once. */
export const IsResourceList = () =>
  field(
    'isResourceList',
    `a list of {name, value}: each name once, one of ${resourceNames.join(', ')}; each value a whole number from -1`,
    (value) =>
      Array.isArray(value) &&
      value.every(isResource) &&
      new Set(value.map(({ name }) => name)).size === value.length,
    {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', enum: [...resourceNames] },
          value: { type: 'integer', minimum: -1, maximum: 1e9 },
        },
        required: ['name', 'value'],
      },
    },
  );
