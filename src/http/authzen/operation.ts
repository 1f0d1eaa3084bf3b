import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { openExample } from '../openapi/example-schema.js';
import { TakesKnownParameters } from '../openapi/known-parameters.js';
import { operation, type OperationOptions } from '../openapi/operation.js';
import { authzen } from './api.js';

export const subjectExample = { type: 'user', id: '0932d8270fb840f102d542331f200aca' };
export const actionExample = { name: 'accounts.read' };
export const resourceExample = { type: 'account', id: '0123456789abcdef0123456789abcdef' };

export const evaluationExample = {
  subject: subjectExample,
  action: actionExample,
  resource: resourceExample,
};

export const decisionExample = {
  decision: true,
  context: openExample(
    {
      reason: 'Held by the group Managers',
      path: { type: 'group', id: '2e21abc434a5169f9890576ec4d8e333', name: 'Managers' },
    },
    'path',
  ),
};

type Schema = Parameters<typeof ApiBody>[0] extends infer Options
  ? Options extends { readonly schema: infer Found }
    ? Found
    : never
  : never;

/** The schema of a body that has what an example has, all of it required. */
function bodySchema(example: unknown): Schema {
  if (Array.isArray(example)) return { type: 'array', items: bodySchema(example[0]), example };
  if (typeof example !== 'object' || example === null) return { type: typeof example, example };
  const fields = Object.entries(example);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, value]) => [name, bodySchema(value)])),
    required: fields.map(([name]) => name),
  };
}

/**
 * A route of the Authorization API. A field that nobody knows is ignored, a query parameter is not.
 * @param body an example of it
 */
export const authzenOperation = (
  options: OperationOptions,
  body: object,
  required: readonly string[] = Object.keys(body).filter((name) => name !== 'client_id'),
): MethodDecorator =>
  applyDecorators(
    operation(
      {
        callers: 'Asking about others than oneself needs the permission user.manage or user.view.',
        ...options,
      },
      authzen,
    ),
    ApiBody({ schema: { ...bodySchema(body), required: [...required], example: body } }),
    TakesKnownParameters(),
  );
