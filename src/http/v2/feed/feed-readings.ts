import { Injectable } from '@nestjs/common';
import { requireAllClients } from '../../../domain/all-clients.js';
import { Arrivals, familyOf } from '../../../feed/arrivals.js';
import { FamilyFeed } from '../../../feed/family-feed.js';
import { Feed } from '../../../feed/feed.js';
import type { LogPlace } from '../../../feed/log-cursor.js';
import { LogCursors } from '../../../feed/log-cursors.js';
import type { Watch } from '../../../feed/watch.js';
import type { Moment } from '../../../read/moment.js';
import { Projector } from '../../../read/projector.js';
import { Views } from '../../../read/views.js';
import { LargeReads } from '../../door/large-reads.js';
import { type ApiRequest, callerOf, payerOf } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { Standing } from '../../door/standing.js';
import { FamilyReading } from './family-reading.js';
import {
  familyFilterIn,
  feedFilterIn,
  includesClients,
  revisionIn,
  sentCursorIn,
} from './feed-parameters.js';
import { AccountReading, type Reading } from './reading.js';

/** What a request reads, and how news of it is heard of. */
export interface Followed {
  readonly reading: Reading;
  /** Begins to listen. */
  readonly watch: () => Watch;
  /** How many characters of events have come while somebody listens. */
  readonly written: () => number;
}

/** Finds out what a request for events reads: one account, or a company with all its clients. */
@Injectable()
export class FeedReadings {
  constructor(
    private readonly feed: Feed,
    private readonly family: FamilyFeed,
    private readonly cursors: LogCursors,
    private readonly arrivals: Arrivals,
    private readonly scopes: Scopes,
    private readonly standing: Standing,
    private readonly projector: Projector,
    private readonly views: Views,
    private readonly largeReads: LargeReads,
  ) {}

  /** @throws Rejection bad_request, access_denied, client_not_found, cursor_expired, unavailable */
  async of(request: ApiRequest, isStream: boolean): Promise<Followed> {
    const cursor = sentCursorIn(request, isStream);
    return includesClients(request.query) ? this.ofFamily(request, cursor) : this.ofAccount(request, cursor);
  }

  /** The company of a caller's account. */
  companyOf(account: string): string {
    return this.views.tree.parentOf(account) ?? account;
  }

  private ofAccount(request: ApiRequest, cursor: string | undefined): Followed {
    const filter = feedFilterIn(request.query);
    const at = this.scopes.of(request);
    const after = revisionIn(cursor, at.revision);
    const hasStopped = () => this.projector.hasStopped(at.account);
    const now = this.nowOf(request, at.account);
    return this.followed(new AccountReading(this.feed, filter, after, now, hasStopped), at.account);
  }

  private async ofFamily(request: ApiRequest, cursor: string | undefined): Promise<Followed> {
    const filter = familyFilterIn(request.query);
    const { account: company } = this.scopes.of(request);
    const judge = () => {
      requireAllClients({
        isCompany: this.views.tree.parentOf(company) === null,
        isAdmin: callerOf(request).holdings === 'everything',
      });
    };
    judge();
    // From here on, whatever takes rights away is noticed.
    const now = this.nowOf(request, company);
    const place = await this.placeIn(request, cursor, company);
    const question = { company, filter, write: await this.cursors.writer() };
    const reading = new FamilyReading(this.family, question, place, () => {
      now();
      judge();
    });
    return this.followed(reading, familyOf(company));
  }

  /** For a cursor of another log the heads of all accounts are read. */
  private async placeIn(request: ApiRequest, cursor: string | undefined, company: string): Promise<LogPlace> {
    if (cursor === undefined) return this.cursors.placeIn(cursor, company);
    const leave = await this.largeReads.take(payerOf(request));
    try {
      return await this.cursors.placeIn(cursor, company);
    } finally {
      leave();
    }
  }

  private followed(reading: Reading, name: string): Followed {
    return {
      reading,
      watch: () => this.arrivals.watch(name),
      written: () => this.arrivals.writtenOf(name),
    };
  }

  /** The account as its caller may see it at present. Rights are judged again after whatever may have taken them away. */
  private nowOf(request: ApiRequest, account: string): () => Moment {
    const { id, account: home, limitedBy } = callerOf(request);
    const users = [{ user_id: id, account: home }, ...limitedBy];
    const accounts = [this.companyOf(home), account, ...users.map((one) => one.account)];
    const concerned = [...new Set([...accounts, ...users.map(({ user_id }) => user_id)])];
    let judged = this.views.stamps.of(concerned);
    return () => {
      const changes = this.views.stamps.of(concerned);
      if (changes === judged) {
        this.projector.assertReadable(account);
        return this.scopes.at(request, this.views.moments.now(account));
      }
      const at = this.standing.renewed(request);
      judged = changes;
      return at;
    };
  }
}
