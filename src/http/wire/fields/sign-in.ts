import { isEmail } from 'class-validator';
import { emailRule } from '../../../domain/email-address.js';
import { isPassword } from '../../../domain/password.js';
import { type Check, field } from './field.js';
import { isText, keeps } from './text.js';
import { NEW } from './use.js';

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
