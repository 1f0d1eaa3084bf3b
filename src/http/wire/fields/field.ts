import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** Whether a value is as it must be. */
export type Check = (value: unknown) => boolean;

/**
 * A check of a field, by a sentence about it.
 * @param schema what the OpenAPI document says of such a value, where its TypeScript type does not tell
 */
export function field(
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

/** X87: such a list has at most 1,000 members. */
export const IsFew = () =>
  field('isFew', 'a list of at most 1,000', (value) => !Array.isArray(value) || value.length <= 1000);
