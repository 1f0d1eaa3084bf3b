import { nameRule } from '../../../domain/text.js';
import { type Check, field } from './field.js';
import { isBlank, isText, keeps } from './text.js';
import { NEW } from './use.js';

/** What a name could be before it had to be visible: the domain lets one that is there already be sent again. */
export const isName: Check = (value) => isText(255)(value) && !isBlank(value);

/** A name, by the rule of the domain. */
export const IsName = ({ mayRepeat } = NEW) =>
  field('isName', nameRule.requirement, mayRepeat ? isName : keeps(nameRule), {
    type: String,
    minLength: 1,
    maxLength: 255,
  });
