import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);

/** What is wrong with a value by a JSON Schema (2020-12); nothing when it is valid. */
export function faultsBy(schema: object, value: unknown): string[] {
  const validate: ValidateFunction = ajv.compile(schema);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
