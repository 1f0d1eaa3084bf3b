import { type Check, field } from './field.js';

export const isFlag: Check = (value) => [true, false, 'true', 'false'].some((flag) => flag === value);

/** true, false, "true" or "false". */
export const IsFlag = () => field('isFlag', 'true or false', isFlag);

/** The meaning of a value that {@link IsFlag} has let through. */
export function flag(value: boolean | string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true';
}
