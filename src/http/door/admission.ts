import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { LastUses } from '../../audit/last-uses.js';
import { reachesClients } from '../../domain/authority.js';
import { holds, type Permission } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import { AtLeast } from './at-least.js';
import { Callers } from './callers.js';
import { PAST, type Past, requireReader } from './past.js';
import { isLargeRead, type LargeRead } from './large-read.js';
import { LargeReads } from './large-reads.js';
import { type ApiRequest, callerOf, payerOf } from './request.js';

const PERMISSIONS = 'muster:permissions';
const SCOPED = 'muster:scoped';
const LARGE = 'muster:large';

/** The route asks its caller for one of these permissions; for none: any user. */
export const Requires = (...permissions: Permission[]) => SetMetadata(PERMISSIONS, permissions);

/** `client_id` chooses the account the route is about: its caller must be one who reaches clients. */
export const Scoped = () => SetMetadata(SCOPED, true);

/** The route has answers that are large or take much work. */
export const Large = (large: LargeRead) => SetMetadata(LARGE, large);

/** Finds out whether a route is open to its caller, who is known by now. */
@Injectable()
export class Admission implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
    private readonly atLeast: AtLeast,
    private readonly lastUses: LastUses,
    private readonly largeReads: LargeReads,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    if (!request.principal) throw new Error('A route that asks for a caller was reached without one');
    const permissions =
      this.reflector.get<readonly Permission[] | undefined>(PERMISSIONS, context.getHandler()) ?? [];
    const isScoped = this.reflector.get<boolean | undefined>(SCOPED, context.getHandler()) ?? false;
    const past = this.reflector.get<Past | undefined>(PAST, context.getHandler());
    const caller = (request.caller = this.callers.callerOf(request.principal, request));
    const { id, account, credential } = caller;
    if (credential.kind === 'api_key') this.lastUses.note({ id, account, key: credential.id });
    const toldOf = past === 'as_of' && request.query['as_of'] === undefined ? undefined : past;
    if (toldOf !== undefined) request.reading ??= 'log';
    admit(request, permissions, isScoped);
    if (past) admitToPast(request, past);
    this.atLeast.judge(request);
    const large = this.reflector.get<LargeRead | undefined>(LARGE, context.getHandler());
    if (request.past !== 'as_of' && !isLargeRead(large, request)) return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return this.largeReads.enter(reply, payerOf(request)).then(() => true);
  }
}

/** @throws Rejection access_denied */
function admit(request: ApiRequest, permissions: readonly Permission[], isScoped: boolean): void {
  const { holdings } = callerOf(request);
  if (permissions.length > 0 && !permissions.some((permission) => holds(holdings, permission)))
    throw new Rejection('access_denied');
  if (isScoped && namesClient(request) && !reachesClients(holdings)) throw new Rejection('access_denied');
}

/** @throws Rejection access_denied */
function admitToPast(request: ApiRequest, past: Past): void {
  const asksAsOf = request.query['as_of'] !== undefined && past !== 'log';
  if (asksAsOf || past !== 'as_of') requireReader(callerOf(request).holdings);
  if (asksAsOf) request.past = 'as_of';
  else if (past === 'log') request.past = 'log';
}

/** Whether the query names another account than the caller's; a blank or repeated name is judged later. */
function namesClient(request: ApiRequest): boolean {
  const named = request.query['client_id'];
  return typeof named === 'string' && named.trim() !== '' && named !== callerOf(request).account;
}
