import { categories } from '../../../domain/category.js';
import { isEventPattern } from '../../../domain/event-names.js';
import { type Check, field } from './field.js';
import { isId } from './id.js';

const MOST = 100;
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length <= MOST &&
    value.every(check) &&
    new Set(value).size === value.length;
const isCredential: Check = (value) => isId(value) && String(value).length <= 128;

/** Names of events, with wildcards such as `User*`. */
export const IsEventTypeList = () =>
  field(
    'isEventTypeList',
    'a list of names of events as GET /api/v2/event-types has them, each once; * at the end of a name stands for any rest',
    (value) => isListOf((one) => typeof one === 'string' && isEventPattern(one))(value),
    { type: [String], example: ['User*', 'GroupCreated'] },
  );

const checks: Readonly<Record<string, Check>> = {
  users: isListOf(isCredential),
  groups: isListOf(isCredential),
  roles: isListOf(isCredential),
  categories: isListOf((value) => categories.some((one) => one === value)),
  privileged: (value) => typeof value === 'boolean',
  credential_not: (value) => isCredential(value) || isListOf(isCredential)(value),
};
const isFilter: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(([name, one]) => Object.hasOwn(checks, name) && checks[name]?.(one) === true);

/** What an event must be to be sent. */
export const IsWebhookFilter = () =>
  field(
    'isWebhookFilter',
    `an object with some of filter.users, filter.groups, filter.roles (lists of up to ${MOST} ids), filter.categories (of ${categories.join(', ')}), filter.privileged (true or false), filter.credential_not (an id or kind of credential, or a list)`,
    (value) => value === null || isFilter(value),
    {
      type: 'object',
      properties: {
        ...Object.fromEntries(
          ['users', 'groups', 'roles', 'categories'].map((name) => [
            name,
            { type: 'array', items: { type: 'string' } },
          ]),
        ),
        privileged: { type: 'boolean' },
        credential_not: {
          oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
        },
      },
      nullable: true,
    } as object,
  );

/** Stands for the value that a header has. */
export const KEEP = '***';
const MOST_HEADERS = 20;
const isHeaderValue: Check = (value) =>
  typeof value === 'string' && /^[\x21-\x7e]([\x20-\x7e\t]{0,4094}[\x21-\x7e])?$/.test(value);

/** Headers by name; null for none. Which names may stand there the domain says. */
export const IsHeaderMap = () =>
  field(
    'isHeaderMap',
    `an object of up to ${MOST_HEADERS} headers: texts of 1 to 4,096 printable ASCII characters by name; ${KEEP} keeps a value`,
    (value) =>
      value === null ||
      (typeof value === 'object' &&
        !Array.isArray(value) &&
        Object.keys(value).length <= MOST_HEADERS &&
        Object.values(value).every(isHeaderValue)),
    { type: 'object', additionalProperties: { type: 'string' }, nullable: true } as object,
  );

export const IsWord = (words: readonly string[]) =>
  field('isWord', `one of ${words.join(', ')}`, (value) => words.some((one) => one === value), {
    type: String,
    enum: [...words],
  });

/** A number within bounds. */
export const IsWithin = (least: number, most: number, { isWhole = true, mayBeNull = false } = {}) =>
  field(
    'isWithin',
    `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}${mayBeNull ? ', or null' : ''}`,
    (value) =>
      (mayBeNull && value === null) ||
      (typeof value === 'number' && value >= least && value <= most && (!isWhole || Number.isInteger(value))),
    { type: isWhole ? 'integer' : 'number', minimum: least, maximum: most, nullable: mayBeNull } as object,
  );

export const IsTrueOrFalse = () =>
  field('isTrueOrFalse', 'true or false', (value) => typeof value === 'boolean', { type: Boolean });
