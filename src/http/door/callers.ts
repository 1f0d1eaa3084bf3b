import { Injectable } from '@nestjs/common';
import type { AccountUser } from '../../domain/account-user.js';
import { reachesClients } from '../../domain/authority.js';
import { common, type Holdings } from '../../domain/permissions.js';
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

  /** What a user holds in an account, which is the user's own or a client of it. */
  private limitIn(account: string, { user_id, account: home }: AccountUser, toManage: boolean): Holdings {
    this.projector.assertReadable(home);
    const holdings = this.views.holdings.ofLimiting({ user_id, account: home });
    if (home === account || holdings === 'everything') return holdings;
    const isReached = reachesClients(holdings) && this.views.holdings.reaches(user_id, account, toManage);
    return isReached ? holdings : new Set();
  }
}
