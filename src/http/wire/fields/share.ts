import { applyDecorators } from '@nestjs/common';
import { field, IsFew } from './field.js';
import { isFlag } from './flag.js';
import { isId } from './id.js';

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
  applyDecorators(
    field(
      'isShareList',
      'a list of up to 1,000 different groups, each {group_id, can_manage?} with can_manage true or false',
      (value) =>
        Array.isArray(value) &&
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
    ),
    IsFew(),
  );
