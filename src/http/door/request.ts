import type { FastifyRequest } from 'fastify';
import type { AccountUser } from '../../domain/account-user.js';
import type { CommandMeta, Credential } from '../../domain/command.js';
import type { RejectionCode } from '../../domain/rejection.js';
import type { Holdings } from '../../domain/permissions.js';
import type { KeyHolder, Principal } from '../../read/credentials.js';
import type { Moment } from '../../read/moment.js';
import { type Api, apiOf } from './api.js';
import { commandMeta } from './command-meta.js';
import type { Past, PastMoment } from './past.js';

/** Who stands behind a request's credential, and what that user may do by it. */
export interface Caller extends Principal {
  readonly holdings: Holdings;
  readonly credential: Credential;
  /** Whoever else limits what the key holds; that is in the holdings already. */
  readonly limitedBy: readonly AccountUser[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The header content-type, which the server itself does not get to see. */
    contentType: string | undefined;
    /** Whose credential it has, once that is judged. */
    principal: Principal | KeyHolder | null;
    /** Who answers for the work that it makes: the id of the caller's company, or `operator`; null while nobody is known. */
    payer: string | null;
    /** The same with rights, once those are judged. */
    caller: Caller | null;
    /** The account the request is about, once that is known. */
    scope: string | null;
    /** What is asked of the past; null for a question about the present. */
    past: Exclude<Past, 'review'> | null;
    /** The past moment that the answer is about, once that is known. */
    asOf: PastMoment | null;
    /** The accounts the answer rests on, with the revision that was read or written there. */
    touched: Map<string, number> | null;
    /** Where the last event is that the request has caused, for the header `Muster-Audit`. */
    recorded: Pick<Moment, 'account' | 'revision'> | null;
    /** What it was refused with. */
    refusal: RejectionCode | null;
    /** The address that it came from, also once the connection is closed. */
    address: string;
    /** Whether it reads the log or the past, or exports them. */
    reading: 'log' | 'export' | null;
  }
}

export type ApiRequest = FastifyRequest<{
  Params: Record<string, string>;
  Querystring: Record<string, unknown>;
}>;

/** The API of a route that belongs to one. */
export function requireApi(request: FastifyRequest): Api {
  const api = apiOf(request);
  if (!api) throw new Error('A route outside all APIs asked for its own');
  return api;
}

/** The caller of a request that has passed authentication. */
export function callerOf(request: ApiRequest): Caller {
  if (!request.caller) throw new Error('A route without authentication asked for its caller');
  return request.caller;
}

/** The company of the caller of a request that has passed authentication. */
export function payerOf({ payer }: ApiRequest): string {
  if (payer === null) throw new Error('A route without authentication asked who answers for it');
  return payer;
}

/** What a command of the caller is told of the request it comes from. @throws Rejection bad_reason */
export function metaOf(request: ApiRequest): CommandMeta {
  const { id, account, credential } = callerOf(request);
  const { via } = requireApi(request);
  return commandMeta(request, { via, actor: { kind: 'user', id, account }, credential });
}

export function isRead(request: FastifyRequest): boolean {
  const { method } = request;
  return method === 'GET' || method === 'HEAD' || apiOf(request)?.isReadOnly === true;
}

/** Notes what the answer rests on, for its header `Muster-Revision`. */
export function touch(
  request: ApiRequest,
  { account, revision }: Pick<Moment, 'account' | 'revision'>,
): void {
  request.touched ??= new Map();
  request.touched.set(account, revision);
}
