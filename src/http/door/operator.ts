import { Inject, Injectable } from '@nestjs/common';
import { Lifecycle } from '../../application/lifecycle.js';
import { sameSecret } from '../../application/secrets.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { bearerToken } from './authorization.js';
import type { CredentialCheck } from './credential-check.js';
import type { ApiRequest } from './request.js';

/** Knows the operator, who alone stands above all companies. */
@Injectable()
export class Operator implements CredentialCheck {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** @throws Rejection unavailable, auth_not_provided, auth_fail; not_found where there is no operator */
  know(request: ApiRequest): void {
    const { operatorKey } = this.config;
    if (operatorKey === undefined) throw new Rejection('not_found');
    this.lifecycle.assertReady();
    const token = bearerToken(request.headers.authorization);
    if (!sameSecret(token, operatorKey)) throw new Rejection('auth_fail');
    request.payer = 'operator';
  }
}
