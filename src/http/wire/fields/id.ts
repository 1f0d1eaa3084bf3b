import { applyDecorators } from '@nestjs/common';
import { externalIdRule, nameRule } from '../../../domain/text.js';
import { field, IsFew } from './field.js';
import { isName } from './name.js';
import { isBlank, isText, keeps } from './text.js';
import { NEW } from './use.js';

export const isId = (value: unknown) => typeof value === 'string' && !isBlank(value) && !value.includes('\0');

/** An id of this service: any text that is not blank. */
export const IsId = () =>
  field('isId', 'an id', isId, { type: String, example: '0123456789abcdef0123456789abcdef' });

export const IsIdList = () =>
  applyDecorators(
    field(
      'isIdList',
      'a list of at least one and at most 1,000 ids',
      (value) => Array.isArray(value) && value.length > 0 && value.every(isId),
    ),
    IsFew(),
  );

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

/** An id of a dashboard, which is the caller's own: what a name can be. */
export const IsTabId = () =>
  field('isTabId', nameRule.requirement, isName, {
    type: String,
    minLength: 1,
    maxLength: 255,
  });

/** Ids of tabs, at least so many of them. */
export const IsTabIdList = (least: number) =>
  applyDecorators(
    field(
      'isTabIdList',
      `a list of ${least} to 1,000 tab ids, each ${nameRule.requirement}`,
      (value) => Array.isArray(value) && value.length >= least && value.every(isName),
    ),
    IsFew(),
  );
