import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../application/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { Views } from '../../read/views.js';
import { TokenBuckets } from './token-buckets.js';

/**
 * How many requests a second a company may send, together with its client accounts, to this instance.
 * Its headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` tells the quota `q` and the
 * window `w` in seconds, `RateLimit` how many requests are left (`r`) and in how many seconds all are again (`t`).
 */
@Injectable()
export class RateLimit {
  private readonly buckets: TokenBuckets | undefined;
  private readonly policy: string;

  constructor(
    @Inject(CONFIG) { rateLimit }: Config,
    private readonly views: Views,
    clock: Clock,
  ) {
    this.buckets = rateLimit === undefined ? undefined : new TokenBuckets(rateLimit, () => clock.now());
    const { burst = 0, window = 0 } = this.buckets ?? {};
    this.policy = `"company";q=${Math.floor(burst)};w=${wholeSeconds(window)}`;
  }

  /**
   * Counts a request and tells its answer how many are left.
   * @param account that of the caller
   * @returns the company
   * @throws Rejection rate_limited
   */
  count(account: string, reply: FastifyReply): string {
    const company = this.views.tree.parentOf(account) ?? account;
    if (!this.buckets) return company;
    const { isWithin, remaining, fullIn, nextIn } = this.buckets.take(company);
    void reply.header('RateLimit-Policy', this.policy);
    void reply.header('RateLimit', `"company";r=${remaining};t=${wholeSeconds(fullIn)}`);
    if (isWithin) return company;
    void reply.header('Retry-After', wholeSeconds(nextIn));
    throw new Rejection('rate_limited');
  }
}

function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
