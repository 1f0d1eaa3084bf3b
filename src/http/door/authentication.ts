import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { LastUses } from '../../audit/last-uses.js';
import { Lifecycle } from '../../application/lifecycle.js';
import { accountOfApiKey, hashApiKey } from '../../application/secrets.js';
import { reachesClients } from '../../domain/authority.js';
import { holds, type Permission } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import type { Principal } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { AtLeast } from './at-least.js';
import { BasicSignIn } from './basic-sign-in.js';
import { Callers } from './callers.js';
import { LookUps } from '../../application/look-ups.js';
import { PAST, type Past, requireReader } from './past.js';
import { RateLimit } from './rate-limit.js';
import { type ApiRequest, callerOf, requireApi } from './request.js';

const PERMISSIONS = 'muster:permissions';
const SCOPED = 'muster:scoped';

/** The route asks its caller for one of these permissions; for none: any user. */
export const Requires = (...permissions: Permission[]) => SetMetadata(PERMISSIONS, permissions);

/** `client_id` chooses the account the route is about: its caller must be one who reaches clients. */
export const Scoped = () => SetMetadata(SCOPED, true);

/** Finds out who calls, by API key or by e-mail and password, and whether the route is open to them. */
@Injectable()
export class Authentication implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly callers: Callers,
    private readonly lifecycle: Lifecycle,
    private readonly atLeast: AtLeast,
    private readonly rateLimit: RateLimit,
    private readonly basic: BasicSignIn,
    private readonly lookUps: LookUps,
    private readonly lastUses: LastUses,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    this.lifecycle.assertReady();
    const permissions =
      this.reflector.get<readonly Permission[] | undefined>(PERMISSIONS, context.getHandler()) ?? [];
    const isScoped = this.reflector.get<boolean | undefined>(SCOPED, context.getHandler()) ?? false;
    const past = this.reflector.get<Past | undefined>(PAST, context.getHandler());
    const letIn = (principal: Principal) => {
      const caller = (request.caller = this.callers.callerOf(principal, request));
      const { id, account, credential } = caller;
      if (credential.kind === 'api_key') this.lastUses.note({ id, account, key: credential.id });
      const toldOf = past === 'as_of' && request.query['as_of'] === undefined ? undefined : past;
      if (toldOf !== undefined) request.reading ??= 'log';
      admit(request, permissions, isScoped);
      if (past) admitToPast(request, past);
      this.atLeast.judge(request);
      return true;
    };
    const welcome = (principal: Principal) => {
      this.rateLimit.count(principal.account, reply);
      const reached = this.atLeast.honour(request, principal.account);
      // What was read may have taken the credential away.
      return reached ? reached.then(() => this.principalOf(request, reply)).then(letIn) : letIn(principal);
    };
    const principal = this.principalOf(request, reply);
    return principal instanceof Promise ? principal.then(welcome) : welcome(principal);
  }

  private principalOf(request: ApiRequest, reply: FastifyReply): Principal | Promise<Principal> {
    const credential = requireApi(request).credentialIn(request.headers);
    if ('key' in credential) return this.byKey(credential.key);
    return this.basic.principalOf(credential.name, credential.password, request, reply);
  }

  private byKey(key: string): Principal | Promise<Principal> {
    return this.views.credentials.byKeyHash(hashApiKey(key)) ?? this.byUnknownKey(key);
  }

  /** Another instance may have issued the key a moment ago: the account that it names is read first. */
  private async byUnknownKey(key: string): Promise<Principal> {
    const account = accountOfApiKey(key);
    if (account !== undefined) await this.lookUps.in(account);
    const holder = this.views.credentials.byKeyHash(hashApiKey(key));
    if (!holder) {
      this.projector.assertWhole();
      throw new Rejection('auth_fail');
    }
    // So may somebody of the company have been made a moment ago who limits it.
    for (const limit of holder.limitedBy) if (limit.account !== account) await this.lookUps.in(limit.account);
    return holder;
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
