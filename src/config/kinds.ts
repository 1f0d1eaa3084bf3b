import { emailRule } from '../domain/email-address.js';
import { isPassword } from '../domain/password.js';
import { nameRule } from '../domain/text.js';
import { hostIn } from '../listen-address.js';
import { type Kind, textOf } from './setting.js';

export const anyText = textOf('be a text', () => true);

export const host: Kind<string> = {
  must: 'be an address or a name to listen on, such as 127.0.0.1 or ::; PORT is a setting of its own',
  parse: hostIn,
};

export const port = numberOf('be a number from 0 to 65535', /^\d{1,5}$/, (value) => value <= 65535);

export const wholeNumber = numberOf('be a whole number from 0', /^\d{1,9}$/);

export const countFromTwo = numberOf('be a whole number from 2', /^\d{1,9}$/, (value) => value >= 2);

export const days = numberOf('be a whole number from 0 to 3650', /^\d{1,4}$/, (value) => value <= 3650);

/** More would leave too little for the work itself. */
export const heapPercent = numberOf(
  'be a whole number from 1 to 70',
  /^\d{1,2}$/,
  (value) => value >= 1 && value <= 70,
);

export const positiveNumber = numberOf(
  'be a number greater than 0',
  /^\d{1,9}(\.\d{1,9})?$/,
  (value) => value > 0,
);

export const name = textOf(`be ${nameRule.requirement}`, (text) => nameRule.isKeptBy(text));

/** The address of a user. A user whose address has a colon could not sign in by Basic. */
export const email = textOf(
  `be ${emailRule.requirement}`,
  (text) => emailRule.isKeptBy(text) && !text.includes(':'),
);

export const password = textOf('have 8 to 1,024 characters, and no NUL among them', isPassword);

export const key = textOf(
  'consist of at least 20 visible ASCII characters without blanks; "openssl rand -hex 16" makes such a key',
  (text) => /^[\x21-\x7e]{20,}$/.test(text),
);

export const secret = textOf(
  'consist of at least 32 visible ASCII characters without blanks; "openssl rand -hex 32" makes such a secret',
  (text) => /^[\x21-\x7e]{32,}$/.test(text),
);

export function oneOf<Value extends string>(values: readonly Value[]): Kind<Value> {
  return {
    must: `be one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => value === text),
  };
}

/** A kind with one word for true and another for false. */
export function either(yes: string, no: string): Kind<boolean> {
  const { must, parse } = oneOf([yes, no]);
  return {
    must,
    parse: (text) => (parse(text) === undefined ? undefined : text === yes),
  };
}

function numberOf(must: string, form: RegExp, isGood = (_value: number) => true): Kind<number> {
  return {
    must,
    parse: (text) => (form.test(text) && isGood(Number(text)) ? Number(text) : undefined),
  };
}
