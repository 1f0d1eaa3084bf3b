import { applyDecorators, Controller, HttpCode, UseGuards } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Permission } from '../domain/permissions.js';
import { Rejection, type RejectionCode, rejections } from '../domain/rejection.js';
import { Authentication, Requires } from './authentication.js';
import { v1Status, v2Status } from './status.js';
import { failure } from './v1/envelope.js';
import { problem } from './v2/problem.js';

/** A controller of v1 below both spellings of its version. */
export function V1(path: string): ClassDecorator {
  return applyDecorators(
    Controller([`api/1.0/${path}`, `api/1/${path}`]),
    UseGuards(Authentication),
    ApiTags(`v1 ${path}`),
    ApiSecurity('kf-api-key'),
    ApiBasicAuth(),
  );
}

/** A controller of v2. */
export function V2(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v2/${path}`),
    UseGuards(Authentication),
    ApiTags(`v2 ${path.split('/')[0] ?? path}`),
    ApiBearerAuth(),
  );
}

export interface OperationOptions {
  readonly summary: string;
  readonly description?: string;
  /** The caller needs one of these; absent: any user of the account. */
  readonly permissions?: readonly Permission[];
  /** Status of a success; 200 when absent. */
  readonly status?: number;
  /** An answer as it looks; absent for one without a body. */
  readonly example?: object;
  /** The refusals that are this route's own. */
  readonly refuses?: readonly RejectionCode[];
  /** Whether `client_id` chooses the account; true when absent. */
  readonly isScoped?: boolean;
}

/** Everything about a route besides its path: who may call it, and its part of the OpenAPI document. */
export function v1Operation(options: OperationOptions): MethodDecorator {
  return operation(options, v1Status, (rejection) => failure(rejection), 'application/json');
}

export function v2Operation(options: OperationOptions): MethodDecorator {
  return operation(options, v2Status, (rejection) => problem(rejection), 'application/problem+json');
}

function operation(
  {
    summary,
    description = '',
    permissions = [],
    status = 200,
    example,
    refuses = [],
    isScoped = true,
  }: OperationOptions,
  statusOf: Readonly<Record<Rejection['kind'], number>>,
  bodyOf: (rejection: Rejection) => object,
  errorType: string,
): MethodDecorator {
  const needs =
    permissions.length > 0 ? `Needs the permission ${permissions.join(' or ')}.` : 'For any user.';
  const common: RejectionCode[] = ['auth_not_provided', 'auth_fail', 'bad_request', 'unavailable'];
  if (permissions.length > 0 || isScoped) common.push('access_denied');
  if (isScoped) common.push('client_not_found');
  const byStatus = new Map<number, Rejection[]>();
  for (const code of new Set([...common, ...refuses])) {
    const rejection = new Rejection(code);
    const list = byStatus.get(statusOf[rejection.kind]) ?? [];
    byStatus.set(statusOf[rejection.kind], [...list, rejection]);
  }
  return applyDecorators(
    HttpCode(status),
    Requires(...permissions),
    ApiOperation({ summary, description: `${description} ${needs}`.trim() }),
    ...(isScoped
      ? [
          ApiQuery({
            name: 'client_id',
            required: false,
            type: String,
            description: 'Id of a client account to act in',
          }),
        ]
      : []),
    ApiResponse({
      status,
      description: 'Success',
      ...(example ? { content: { 'application/json': { schema: schemaOf(example), example } } } : {}),
    }),
    ...[...byStatus].map(([errorStatus, list]) =>
      ApiResponse({
        status: errorStatus,
        description: list.map(({ code }) => `\`${code}\`: ${rejections[code][1]}`).join('\n\n'),
        content: {
          [errorType]: {
            schema: schemaOf(bodyOf(new Rejection('bad_request'))),
            examples: Object.fromEntries(
              list.map((rejection) => [rejection.code, { value: bodyOf(rejection) }]),
            ),
          },
        },
      }),
    ),
  );
}

interface JsonSchema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly items?: JsonSchema;
  readonly properties?: Record<string, JsonSchema>;
}

/** The JSON schema that an example is an instance of. */
export function schemaOf(example: unknown): JsonSchema {
  if (example === null) return { type: 'string', nullable: true };
  if (Array.isArray(example)) return { type: 'array', items: example.length > 0 ? schemaOf(example[0]) : {} };
  if (typeof example === 'object') {
    const properties = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, schemaOf(value)]),
    );
    return { type: 'object', properties };
  }
  return { type: typeof example === 'number' ? 'integer' : typeof example };
}
