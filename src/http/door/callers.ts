import { Injectable } from '@nestjs/common';
import type { AccountUser } from '../../domain/account-user.js';
import { reachesClients } from '../../domain/authority.js';
import { common, EVERYTHING, type Holdings } from '../../domain/permissions.js';
import type { KeyHolder, Principal } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { type ApiRequest, type Caller, isRead } from './request.js';

/** What somebody may do by a credential, for the guard at the door: the decision checks again on the accounts' own state. */
@Injectable()
export class Callers {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
  ) {}

  /**
   * X97: a key holds at most what each of those holds who limit it.
   * @throws Rejection unavailable
   */
  callerOf(holder: Principal | KeyHolder, request: ApiRequest): Caller {
    const { id, account } = holder;
    this.projector.assertReadable(account);
    const holdings = this.views.holdings.of(holder);
    if (!('key' in holder)) return { id, account, holdings, credential: { kind: 'password' }, limitedBy: [] };
    const { key, limitedBy } = holder;
    const limited = limitedBy
      .map((limit) => this.limitIn(account, limit, !isRead(request)))
      .reduce(common, holdings);
    return { id, account, credential: { kind: 'api_key', id: key }, limitedBy, holdings: limited };
  }

  /**
   * What is left of the permissions of a caller whose key others limit.
   * @param permissions all that the caller holds
   * @throws Rejection unavailable, answer_too_large
   */
  leftOf(
    permissions: readonly string[],
    { account, limitedBy }: Caller,
    request: ApiRequest,
  ): readonly string[] {
    const whole = (limit: AccountUser) => this.views.holdings.allOfLimiting(limit);
    const all = permissions.includes(EVERYTHING) ? 'everything' : new Set(permissions);
    const left = limitedBy
      .map((limit) => this.limitIn(account, limit, !isRead(request), whole))
      .reduce(common, all);
    return left === 'everything' ? permissions : [...left];
  }

  /** What a user holds in an account, which is the user's own or a client of it. */
  private limitIn(
    account: string,
    limit: AccountUser,
    toManage: boolean,
    holdingsOf = (one: AccountUser) => this.views.holdings.ofLimiting(one),
  ): Holdings {
    this.projector.assertReadable(limit.account);
    const holdings = holdingsOf(limit);
    if (limit.account === account || holdings === 'everything') return holdings;
    const isReached = reachesClients(holdings) && this.views.holdings.reaches(limit, account, toManage);
    return isReached ? holdings : new Set();
  }
}
