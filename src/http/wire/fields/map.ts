import { type Check, field } from './field.js';
import { isName } from './name.js';
import { isBlank, isLongText } from './text.js';

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

/** The name of a property in the query, given once and not blank; one that no property has is simply not found. */
export const IsPropertyName = () =>
  field(
    'isPropertyName',
    'the name of a property, given once',
    (value) => typeof value === 'string' && !isBlank(value),
    { type: String },
  );
