import { applyDecorators, Controller, HttpCode, UseGuards } from '@nestjs/common';
import {
  ApiOperation,
  type ApiOperationOptions,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { type Permission, readers } from '../../domain/permissions.js';
import type { RejectionCode } from '../../domain/rejection.js';
import type { Api } from '../door/api.js';
import { Admission, Large, Requires, Scoped } from '../door/admission.js';
import type { LargeRead } from '../door/large-read.js';
import { type Past, TellsOfPast } from '../door/past.js';
import { AsksCredentialOf, type Credentialed } from '../door/credential-check.js';
import { schemaOf } from './example-schema.js';
import { describeRefusals } from './refusals.js';

/**
 * A controller of an API, below all spellings of its prefix.
 * @param tag what the document lists its routes under; the first part of the path when absent
 */
export function ApiController(api: Api, path: string, tag = path.split('/')[0] ?? path): ClassDecorator {
  return applyDecorators(
    Controller(api.prefixes.map((prefix) => `${prefix}/${path}`)),
    UseGuards(Admission),
    ApiTags(`${api.via} ${tag}`),
    ...api.security.map((scheme) => ApiSecurity(scheme)),
  );
}

export interface OperationOptions {
  readonly summary: string;
  readonly description?: string;
  /** The caller needs one of these; absent: any user of the account. */
  readonly permissions?: readonly Permission[];
  /** Who may call, where permissions do not say it. */
  readonly callers?: string;
  /** Status of a success; 200 when absent. A route without it and without an example only refuses. */
  readonly status?: number;
  /** An answer as it looks; absent for one without a body. */
  readonly example?: object;
  /** What an answer that goes on for ever looks like, for callers who accept that type instead. */
  readonly streams?: { readonly type: string; readonly example: string };
  /** The refusals that are this route's own. */
  readonly refuses?: readonly RejectionCode[];
  /** Whether `client_id` chooses the account; true when absent. */
  readonly isScoped?: boolean;
  /** Whether a list comes whole: it has no pages, and no total beside it. */
  readonly isWhole?: boolean;
  /** Which answers are so large that a company has only some at a time; none of them when absent. */
  readonly large?: LargeRead;
  /** What the route tells of the past, to readers of the log; absent: only the present. */
  readonly past?: Past;
  /** Whose credential is asked for; a caller's when absent. Where it is another's there is no account to choose. */
  readonly credentialOf?: Credentialed;
}

/** What a list whose body is the rows alone, says beside them. */
const totalCount = { description: 'Total on all pages', schema: { type: 'integer' } } as const;

const asOfDescription = 'Answers as of a past moment: a revision of the account, or an RFC 3339 time.';
const readersOnly = `Needs the permission ${readers.join(' or ')} as well.`;

/** Everything about a route besides its path: who may call it, and its part of the OpenAPI document. */
export function operation(options: OperationOptions, api: Api): MethodDecorator {
  const { summary, description = '', permissions = [], status = 200, example, streams, refuses } = options;
  const {
    credentialOf = 'caller',
    isScoped = credentialOf === 'caller',
    past,
    isWhole = false,
    large,
  } = options;
  const isPublic = credentialOf === 'nobody';
  const asksPermission = permissions.length > 0;
  const byPermission = asksPermission ? `Needs the permission ${permissions.join(' or ')}.` : 'For any user.';
  const { callers = past === 'review' ? `${byPermission} ${readersOnly}` : byPermission } = options;
  const success = example
    ? {
        content: {
          'application/json': { schema: schemaOf(example), example },
          ...(streams && { [streams.type]: { schema: { type: 'string' }, example: streams.example } }),
        },
        ...(Array.isArray(example) && !isWhole ? { headers: { 'X-Total-Count': totalCount } } : {}),
      }
    : undefined;
  const security = isPublic ? { security: [] } : {};
  const clientId = { name: 'client_id', required: false, type: String } as const;
  const asOf = { name: 'as_of', required: false, type: String } as const;
  return applyDecorators(
    HttpCode(status),
    AsksCredentialOf(credentialOf),
    Requires(...permissions),
    ...(isScoped ? [Scoped()] : []),
    describe({ summary, description: `${description} ${callers}`.trim(), ...security }, api),
    ...(isScoped ? [ApiQuery({ ...clientId, description: 'Id of a client account to act in' })] : []),
    ...(past === undefined ? [] : [TellsOfPast(past)]),
    ...(large === undefined ? [] : [Large(large)]),
    ...(past === 'as_of' ? [ApiQuery({ ...asOf, description: `${asOfDescription} ${readersOnly}` })] : []),
    ...(past === 'review' ? [ApiQuery({ ...asOf, description: asOfDescription })] : []),
    ...(success || options.status ? [ApiResponse({ status, description: 'Success', ...success })] : []),
    describeRefusals({ refuses, isPublic, isScoped, asksPermission }, api),
  );
}

/** Names an operation by its controller and method, which stay as they are when others come. */
function describe(texts: ApiOperationOptions, { via }: Api): MethodDecorator {
  return (target, key, descriptor) => {
    const method = String(key);
    const subject = target.constructor.name.replace(/Controller$/, '');
    const operationId = `${via}${subject}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
    ApiOperation({ ...texts, operationId })(target, key, descriptor);
  };
}
