import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../../application/lifecycle.js';
import { hashApiKey } from '../../application/secrets.js';
import { Rejection } from '../../domain/rejection.js';
import type { Moment } from '../../read/moment.js';
import { Views } from '../../read/views.js';
import { Callers } from './callers.js';
import { requireReader } from './past.js';
import { type ApiRequest, requireApi } from './request.js';
import { Scopes } from './scopes.js';

/** Whether the caller of an answer that goes on for long could still ask for it. */
@Injectable()
export class Standing {
  constructor(
    private readonly views: Views,
    private readonly callers: Callers,
    private readonly scopes: Scopes,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Judges the caller of a question about the log by the views of now.
   * @returns the account that is asked about, as it is now
   * @throws Rejection auth_fail, access_denied, client_not_found, unavailable
   */
  renewed(request: ApiRequest): Moment {
    this.lifecycle.assertReady();
    const credential = requireApi(request).credentialIn(request.headers);
    const holder =
      'key' in credential ? this.views.credentials.byKeyHash(hashApiKey(credential.key)) : undefined;
    if (!holder) throw new Rejection('auth_fail');
    request.caller = this.callers.callerOf(holder, request);
    requireReader(request.caller.holdings);
    return this.scopes.of(request);
  }
}
