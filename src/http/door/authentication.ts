import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Lifecycle } from '../../application/lifecycle.js';
import { accountOfApiKey, hashApiKey } from '../../application/secrets.js';
import { Rejection } from '../../domain/rejection.js';
import type { Principal } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { AtLeast } from './at-least.js';
import { BasicSignIn } from './basic-sign-in.js';
import type { CredentialCheck } from './credential-check.js';
import { LookUps } from '../../application/look-ups.js';
import { RateLimit } from './rate-limit.js';
import { type ApiRequest, requireApi } from './request.js';

/** Finds out who calls, by API key or by e-mail and password. */
@Injectable()
export class Authentication implements CredentialCheck {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly lifecycle: Lifecycle,
    private readonly atLeast: AtLeast,
    private readonly rateLimit: RateLimit,
    private readonly basic: BasicSignIn,
    private readonly lookUps: LookUps,
  ) {}

  /** @throws Rejection unavailable, auth_not_provided, auth_fail, auth_ambiguous, rate_limited */
  know(request: ApiRequest, reply: FastifyReply): void | Promise<void> {
    this.lifecycle.assertReady();
    const keep = (principal: Principal) => {
      request.principal = principal;
    };
    const welcome = (principal: Principal): void | Promise<void> => {
      request.payer = this.rateLimit.count(principal.account, reply);
      const reached = this.atLeast.honour(request, principal.account);
      // What was read may have taken the credential away.
      if (reached) return reached.then(() => this.principalOf(request, reply)).then(keep);
      keep(principal);
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
