import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { isEmail, IsOptional, ValidateBy, ValidateIf } from 'class-validator';
import { resourceNames } from '../domain/client-resources.js';
import { emailRule } from '../domain/email-address.js';
import { EVERYTHING } from '../domain/permissions.js';
import { externalIdRule, isAtMost, nameRule, type TextRule } from '../domain/text.js';
import { isPassword } from '../domain/password.js';

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
const CONTROL_CHARACTERS_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

type Check = (value: unknown) => boolean;

/** @param schema what the OpenAPI document says of such a value, where its TypeScript type does not tell */
function field(
  name: string,
  requirement: string,
  validate: Check,
  schema?: ApiPropertyOptions,
): PropertyDecorator {
  const check = ValidateBy({
    name,
    validator: {
      validate,
      defaultMessage: (about) => `${about?.property ?? 'field'} must be ${requirement}`,
    },
  });
  return schema ? applyDecorators(ApiProperty(schema), check) : check;
}

function isText(max: number, forbidden = CONTROL_CHARACTERS): Check {
  return (value) =>
    typeof value === 'string' && isAtMost(value, max) && value.isWellFormed() && !forbidden.test(value);
}

const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';

/** What a name could be before it had to be visible: the domain lets one that is there already be sent again. */
const isName: Check = (value) => isText(255)(value) && !isBlank(value);

const keeps =
  (rule: TextRule): Check =>
  (value) =>
    typeof value === 'string' && rule.isKeptBy(value);

/** A field of something that may be there already, with a value that an older log let through. */
export interface FieldUse {
  readonly mayRepeat: boolean;
}

const NEW: FieldUse = { mayRepeat: false };
export const REPEATABLE: FieldUse = { mayRepeat: true };

/** A name, by the rule of the domain. */
export const IsName = ({ mayRepeat } = NEW) =>
  field('isName', nameRule.requirement, mayRepeat ? isName : keeps(nameRule), {
    type: String,
    minLength: 1,
    maxLength: 255,
  });

const isLongText = isText(4000, CONTROL_CHARACTERS_BUT_LINES);

/** Free text: up to 4,000 characters, line breaks allowed; or null for none, which is the same as an empty one. */
export const IsDescription = () =>
  field(
    'isDescription',
    'a text of up to 4,000 characters, or null',
    (value) => value === null || isLongText(value),
    { type: String, nullable: true, maxLength: 4000 },
  );

/** The meaning of a description that {@link IsDescription} has let through; undefined stays undefined. */
export function descriptionOf(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}

/** An id of another system, or null for none; an empty text is none, too. */
export const IsExternalId = ({ mayRepeat } = NEW) => {
  const check = mayRepeat ? isText(255) : keeps(externalIdRule);
  return field(
    'isExternalId',
    externalIdRule.requirement,
    (value) => value === null || value === '' || check(value),
    { type: String, nullable: true, maxLength: 255 },
  );
};

const isId = (value: unknown) => typeof value === 'string' && !isBlank(value) && !value.includes('\0');

/** An id of this service: any text that is not blank. */
export const IsId = () =>
  field('isId', 'an id', isId, { type: String, example: '0123456789abcdef0123456789abcdef' });

export const IsIdList = () =>
  field(
    'isIdList',
    'a list of at least one and at most 1,000 ids',
    (value) => Array.isArray(value) && value.length > 0 && value.length <= 1000 && value.every(isId),
  );

/** An id of a dashboard, which is the caller's own: what a name can be. */
export const IsTabId = () =>
  field('isTabId', nameRule.requirement, isName, {
    type: String,
    minLength: 1,
    maxLength: 255,
  });

/** Ids of tabs, at least so many of them. */
export const IsTabIdList = (least: number) =>
  field(
    'isTabIdList',
    `a list of ${least} to 1,000 tab ids, each ${nameRule.requirement}`,
    (value) => Array.isArray(value) && value.length >= least && value.length <= 1000 && value.every(isName),
  );

/** Whether it is an object whose names are as {@link IsName} has them; the domain looks closer at new ones. */
const isMapOf =
  (isValue: Check): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, one]) => isName(name) && isValue(one));

/** Values by name: names as {@link IsName} has them, values are texts. */
export const IsPropertyMap = () =>
  field(
    'isPropertyMap',
    'an object of texts: names of 1 to 255 characters, not blank, and values of up to 4,000 characters',
    isMapOf(isLongText),
    { type: 'object', additionalProperties: { type: 'string', maxLength: 4000 } },
  );

const isSettingValue: Check = (value) =>
  value === null || typeof value === 'boolean' || Number.isFinite(value) || isLongText(value);

/** Settings by name: names as {@link IsName} has them; values are texts, numbers, booleans, or null. */
export const IsSettingMap = () =>
  field(
    'isSettingMap',
    'an object: names of 1 to 255 characters, not blank, and values that are texts of up to 4,000 characters, numbers, booleans or null',
    isMapOf(isSettingValue),
  );

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

/** The name of a property in the query, given once and not blank; one that no property has is simply not found. */
export const IsPropertyName = () =>
  field(
    'isPropertyName',
    'the name of a property, given once',
    (value) => typeof value === 'string' && !isBlank(value),
    { type: String },
  );

export const IsAddress = ({ mayRepeat } = NEW) => {
  const check: Check = (value) =>
    keeps(emailRule)(value) || (mayRepeat && isText(254)(value) && isEmail(value));
  return field('isEmail', emailRule.requirement, check, { type: String, format: 'email', maxLength: 254 });
};

export const IsPassword = () =>
  field(
    'isPassword',
    'a text of 8 to 1,024 characters',
    (value) => typeof value === 'string' && isPassword(value),
    { type: String, minLength: 8, maxLength: 1024 },
  );

/** A token as it stands in a mail: any text, given once; one of another form is simply not valid. */
export const IsToken = () =>
  field('isToken', 'the token of a mail', (value) => typeof value === 'string', { type: String });

const isPermission = (value: unknown) => value !== '' && isText(1000)(value);

/** A list of permission names, each a text of 1 to 1,000 characters that stands once; upper and lower case differ. */
export const IsPermissionList = ({ mayRepeat } = NEW) =>
  field(
    'isPermissionList',
    'a list of different permission names, * not among them, which stands for what Admins hold',
    (value) =>
      Array.isArray(value) &&
      value.every(isPermission) &&
      new Set(value).size === value.length &&
      (mayRepeat || !value.includes(EVERYTHING)),
  );

/** A permission name in the query string, or several that stand there under the same key. */
export const IsPermissionQuery = () =>
  field('isPermissionQuery', 'a permission name, once or several times', (value) =>
    [value].flat().every(isPermission),
  );

const isFlag: Check = (value) => [true, false, 'true', 'false'].some((flag) => flag === value);

/** true, false, "true" or "false". */
export const IsFlag = () => field('isFlag', 'true or false', isFlag);

/** A group in a body, and whether its members may manage what is shared with it. */
export interface ShareField {
  readonly group_id: string;
  readonly can_manage?: boolean | string;
}

function isShare(value: unknown): value is ShareField {
  if (typeof value !== 'object' || value === null || !('group_id' in value)) return false;
  return isId(value.group_id) && (!('can_manage' in value) || isFlag(value.can_manage));
}

/** Groups to share with: up to 1,000, each once. */
export const IsShareList = () =>
  field(
    'isShareList',
    'a list of up to 1,000 different groups, each {group_id, can_manage?} with can_manage true or false',
    (value) =>
      Array.isArray(value) &&
      value.length <= 1000 &&
      value.every(isShare) &&
      new Set(value.map(({ group_id }) => group_id)).size === value.length,
    {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['group_id'],
        properties: { group_id: { type: 'string' }, can_manage: { type: 'boolean' } },
      },
    },
  );

/** The meaning of a value that {@link IsFlag} has let through. */
export function flag(value: boolean | string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true';
}

/** A field that may be absent, but is checked when it is null. */
export const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

/** A field that may be absent, or null, which says the same. */
export const MayBeNull = () => applyDecorators(IsOptional(), ApiProperty({ nullable: true }));

/** A value of the query string that stands there once. */
export const IsQueryText = () => field('isQueryText', 'given once', (value) => typeof value === 'string');
