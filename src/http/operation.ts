import { applyDecorators, Controller, HttpCode, UseGuards } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiOperation,
  type ApiOperationOptions,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Permission } from '../domain/permissions.js';
import { Rejection, type RejectionCode, rejections } from '../domain/rejection.js';
import { Authentication, Requires, Scoped } from './authentication.js';
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
  /** Who may call, where permissions do not say it. */
  readonly callers?: string;
  /** Status of a success; 200 when absent. */
  readonly status?: number;
  /** An answer as it looks; absent for one without a body. */
  readonly example?: object;
  /** The refusals that are this route's own. */
  readonly refuses?: readonly RejectionCode[];
  /** Whether `client_id` chooses the account; true when absent. */
  readonly isScoped?: boolean;
  /** Whether no credential is asked for, nor a company's share of requests; there is no account to choose then. */
  readonly isPublic?: boolean;
}

/** What the routes of one API version have in common. */
interface Api {
  /** What the ids of its operations begin with. */
  readonly name: string;
  readonly statusOf: Readonly<Record<Rejection['kind'], number>>;
  readonly bodyOf: (rejection: Rejection) => object;
  readonly errorType: string;
  readonly refuses: readonly RejectionCode[];
}

const always = [
  ...(['auth_not_provided', 'auth_fail', 'bad_request', 'rate_limited'] as const),
  ...(['unavailable', 'account_unreadable'] as const),
];
/** The refusals of every route that takes a body. */
const refusesBodies = ['payload_too_large', 'unsupported_media_type'] as const;
const publicly: readonly RejectionCode[] = ['bad_request', 'unavailable', 'account_unreadable'];
const v1: Api = {
  name: 'v1',
  statusOf: v1Status,
  bodyOf: failure,
  errorType: 'application/json',
  refuses: [...always, 'auth_ambiguous'],
};
const v2: Api = {
  name: 'v2',
  statusOf: v2Status,
  bodyOf: problem,
  errorType: 'application/problem+json',
  refuses: always,
};

/** What a list of v2, whose body is the rows alone, says beside them. */
const totalCount = { description: 'Total on all pages', schema: { type: 'integer' } } as const;

/** Everything about a route besides its path: who may call it, and its part of the OpenAPI document. */
export function v1Operation(options: OperationOptions): MethodDecorator {
  return operation(options, v1);
}

export function v2Operation(options: OperationOptions): MethodDecorator {
  return operation(options, v2);
}

function operation(options: OperationOptions, api: Api): MethodDecorator {
  const { summary, description = '', permissions = [], status = 200, example } = options;
  const isScoped = options.isScoped ?? !options.isPublic;
  const byPermission =
    permissions.length > 0 ? `Needs the permission ${permissions.join(' or ')}.` : 'For any user.';
  const { callers = byPermission } = options;
  const success = example
    ? {
        content: { 'application/json': { schema: schemaOf(example), example } },
        ...(Array.isArray(example) ? { headers: { 'X-Total-Count': totalCount } } : {}),
      }
    : undefined;
  const security = options.isPublic ? { security: [] } : {};
  const clientId = { name: 'client_id', required: false, type: String } as const;
  return applyDecorators(
    HttpCode(status),
    Requires(...permissions),
    ...(isScoped ? [Scoped()] : []),
    describe({ summary, description: `${description} ${callers}`.trim(), ...security }, api),
    ...(isScoped ? [ApiQuery({ ...clientId, description: 'Id of a client account to act in' })] : []),
    ...(success || status === 204 ? [ApiResponse({ status, description: 'Success', ...success })] : []),
    describeRefusals(options, api),
  );
}

/** Names an operation by its controller and method, which stay as they are when others come. */
function describe(texts: ApiOperationOptions, { name }: Api): MethodDecorator {
  return (target, key, descriptor) => {
    const method = String(key);
    const subject = target.constructor.name.replace(/Controller$/, '');
    const operationId = `${name}${subject}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
    ApiOperation({ ...texts, operationId })(target, key, descriptor);
  };
}

/** Adds the refusals to a route's part of the document; applied after the decorators of its parameters. */
function describeRefusals(options: OperationOptions, api: Api): MethodDecorator {
  const { permissions = [], isPublic = false, isScoped = !isPublic, refuses = [] } = options;
  return (target, key, descriptor) => {
    const codes = new Set([...(isPublic ? publicly : api.refuses), ...refuses]);
    if (permissions.length > 0 || isScoped) codes.add('access_denied');
    if (isScoped) codes.add('client_not_found');
    if (takesBody(target, key)) for (const code of refusesBodies) codes.add(code);
    const byStatus = new Map<number, Rejection[]>();
    for (const code of codes) {
      const rejection = new Rejection(code);
      const status = api.statusOf[rejection.kind];
      byStatus.set(status, [...(byStatus.get(status) ?? []), rejection]);
    }
    for (const [status, list] of byStatus) {
      const description = list.map(({ code }) => `\`${code}\`: ${rejections[code][1]}`).join('\n\n');
      const examples = Object.fromEntries(
        list.map((rejection) => [rejection.code, { value: api.bodyOf(rejection) }]),
      );
      const content = { schema: schemaOf(api.bodyOf(new Rejection('bad_request'))), examples };
      ApiResponse({ status, description, content: { [api.errorType]: content } })(target, key, descriptor);
    }
  };
}

function takesBody(target: object, key: string | symbol): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key) as object | undefined;
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(`${RouteParamtypes.BODY}:`));
}

interface JsonSchema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly oneOf?: JsonSchema[];
  readonly properties?: Record<string, JsonSchema>;
}

const maps = new WeakSet<object>();

/** Marks an example as one of values by names that nobody knows beforehand; it has one of each type of value. */
export function mapExample<Map extends Readonly<Record<string, string | number | boolean | null>>>(
  example: Map,
): Map {
  maps.add(example);
  return example;
}

const sparse = new WeakSet<object>();

/** Marks an example as one of which each value may be null. */
export function sparseExample<Example extends object>(example: Example): Example {
  sparse.add(example);
  return example;
}

/** The JSON schema that an example is an instance of. */
export function schemaOf(example: unknown): JsonSchema {
  if (example === null) return { type: 'string', nullable: true };
  if (Array.isArray(example)) return { type: 'array', items: example.length > 0 ? schemaOf(example[0]) : {} };
  if (typeof example === 'object' && maps.has(example))
    return { type: 'object', additionalProperties: schemaOfAny(Object.values(example)) };
  if (typeof example === 'object') {
    const nullable = sparse.has(example) ? { nullable: true } : {};
    const properties = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, { ...schemaOf(value), ...nullable }]),
    );
    return { type: 'object', properties };
  }
  if (typeof example === 'number') return { type: Number.isInteger(example) ? 'integer' : 'number' };
  return { type: typeof example };
}

/** The schema of values each of which is like one of the examples. */
function schemaOfAny(examples: readonly unknown[]): JsonSchema {
  const schemas = new Map(examples.map(schemaOf).map((schema) => [schema.type, schema]));
  const [first = {}] = schemas.values();
  return schemas.size > 1 ? { oneOf: [...schemas.values()] } : first;
}
