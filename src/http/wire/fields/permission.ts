import { EVERYTHING } from '../../../domain/permissions.js';
import { field } from './field.js';
import { isText } from './text.js';
import { NEW } from './use.js';

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
