import { createHmac, randomBytes } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Lifecycle } from '../application/lifecycle.js';
import { hashApiKey, hashPassword, verifyPassword } from '../application/secrets.js';
import { reachesClients } from '../domain/decide.js';
import { holds, type Permission } from '../domain/permissions.js';
import { Rejection } from '../domain/rejection.js';
import type { PasswordView, Principal } from '../read/credentials.js';
import { Projector } from '../read/projector.js';
import { Views } from '../read/views.js';
import { type ApiRequest, apiOf, callerOf } from './request.js';

const PERMISSIONS = 'muster:permissions';
const SCOPED = 'muster:scoped';
const MEMORY_MS = 60_000;
const MEMORY_ENTRIES = 10_000;

/** The route asks its caller for one of these permissions; for none: any user. */
export const Requires = (...permissions: Permission[]) => SetMetadata(PERMISSIONS, permissions);

/** `client_id` chooses the account the route is about: its caller must be one who reaches clients. */
export const Scoped = () => SetMetadata(SCOPED, true);

interface Remembered {
  readonly principal: Principal;
  /** The credentials the check was made against: it ends when they change. */
  readonly fingerprint: string;
  readonly until: number;
}

/** Finds out who calls, by API key or by e-mail and password, and whether the route is open to them. */
@Injectable()
export class Authentication implements CanActivate {
  private readonly secret = randomBytes(32);
  private readonly remembered = new Map<string, Remembered>();
  private readonly decoy = hashPassword('');

  constructor(
    private readonly reflector: Reflector,
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly lifecycle: Lifecycle,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    this.lifecycle.assertReady();
    const permissions =
      this.reflector.get<readonly Permission[] | undefined>(PERMISSIONS, context.getHandler()) ?? [];
    const isScoped = this.reflector.get<boolean | undefined>(SCOPED, context.getHandler()) ?? false;
    const admit = (principal: Principal) => this.admit(request, principal, permissions, isScoped);
    const principal = apiOf(request.url) === 'v1' ? this.forV1(request) : this.forV2(request);
    return principal instanceof Promise ? principal.then(admit) : admit(principal);
  }

  private admit(
    request: ApiRequest,
    principal: Principal,
    permissions: readonly Permission[],
    isScoped: boolean,
  ): boolean {
    const { id, account } = principal;
    this.projector.assertReadable(account);
    request.caller = { id, account, holdings: this.views.permissions.holdingsOf(account, id) };
    const { holdings } = callerOf(request);
    if (permissions.length > 0 && !permissions.some((permission) => holds(holdings, permission)))
      throw new Rejection('access_denied');
    if (isScoped && namesClient(request) && !reachesClients(holdings)) throw new Rejection('access_denied');
    return true;
  }

  private forV1({ headers }: ApiRequest): Principal | Promise<Principal> {
    const key = headers['kf-api-key'];
    if (typeof key === 'string') return this.byKey(key);
    const { authorization } = headers;
    if (authorization === undefined) throw new Rejection('auth_not_provided');
    const [, encoded] = /^basic\s+(\S+)\s*$/i.exec(authorization) ?? [];
    const [, email, password] =
      /^([^:\0]*):([^\0]*)$/.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
    if (email === undefined || password === undefined) throw new Rejection('auth_fail');
    return this.byPassword(email, password);
  }

  private forV2({ headers: { authorization } }: ApiRequest): Principal {
    if (authorization === undefined) throw new Rejection('auth_not_provided');
    const [, token] = /^bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
    if (token === undefined) throw new Rejection('auth_fail');
    return this.byKey(token);
  }

  private byKey(key: string): Principal {
    const principal = this.views.credentials.byKeyHash(hashApiKey(key));
    if (!principal) throw new Rejection('auth_fail');
    return principal;
  }

  private async byPassword(email: string, password: string): Promise<Principal> {
    const candidates = this.views.credentials.byEmail(email);
    const memory = createHmac('sha256', this.secret)
      .update(JSON.stringify([email, password]))
      .digest('base64');
    const fingerprint = fingerprintOf(candidates);
    const known = this.remembered.get(memory);
    if (known && known.fingerprint === fingerprint && known.until > Date.now()) return known.principal;
    // Somebody unknown takes as long as somebody known with a wrong password.
    if (candidates.length === 0) await verifyPassword(password, await this.decoy);
    const fits = await Promise.all(
      candidates.map(({ password_hash }) => verifyPassword(password, password_hash)),
    );
    const [principal, another] = candidates.filter((_, index) => fits[index]);
    if (!principal) throw new Rejection('auth_fail');
    if (another) throw new Rejection('auth_ambiguous');
    if (fingerprintOf(this.views.credentials.byEmail(email)) !== fingerprint)
      throw new Rejection('auth_fail');
    this.remember(memory, { principal, fingerprint, until: Date.now() + MEMORY_MS });
    return principal;
  }

  private remember(memory: string, remembered: Remembered): void {
    const [oldest] = this.remembered.keys();
    if (this.remembered.size >= MEMORY_ENTRIES && oldest !== undefined) this.remembered.delete(oldest);
    this.remembered.set(memory, remembered);
  }
}

/** Whether the query names another account than the caller's; a blank or repeated name is judged later. */
function namesClient(request: ApiRequest): boolean {
  const named = request.query['client_id'];
  return typeof named === 'string' && named.trim() !== '' && named !== callerOf(request).account;
}

function fingerprintOf(candidates: readonly PasswordView[]): string {
  return candidates.map(({ id, password_hash }) => `${id} ${password_hash}`).join('\n');
}
