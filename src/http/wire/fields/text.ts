import { isAtMost, type TextRule } from '../../../domain/text.js';
import { type Check, field } from './field.js';

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
const CONTROL_CHARACTERS_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export function isText(max: number, forbidden = CONTROL_CHARACTERS): Check {
  return (value) =>
    typeof value === 'string' && isAtMost(value, max) && value.isWellFormed() && !forbidden.test(value);
}

export const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';

export const keeps =
  (rule: TextRule): Check =>
  (value) =>
    typeof value === 'string' && rule.isKeptBy(value);

export const isLongText = isText(4000, CONTROL_CHARACTERS_BUT_LINES);

/** Free text: up to 4,000 characters, line breaks allowed; or null for none, which is the same as an empty one. */
export const IsDescription = () =>
  field(
    'isDescription',
    'a text of up to 4,000 characters, or null',
    (value) => value === null || isLongText(value),
    { type: String, nullable: true, maxLength: 4000 },
  );

/** A value of the query string that stands there once. */
export const IsQueryText = () => field('isQueryText', 'given once', (value) => typeof value === 'string');
