import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../application/clock.js';
import { Lifecycle } from '../../application/lifecycle.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { apiOf } from './api.js';
import type { CredentialCheck } from './credential-check.js';
import type { ApiRequest } from './request.js';
import { sourceOf } from './source.js';
import { TokenBuckets } from './token-buckets.js';

/** How many seconds of its rate a source may use at once. */
const BURST_SECONDS = 2;

/** Health costs next to nothing, and a refusal would be taken for a service that is not well. */
const unlimited = /^\/health\//;

/** Lets anybody through to routes that ask for no credential: from each source, so many requests a second to each. */
@Injectable()
export class Anybody implements CredentialCheck {
  private readonly buckets: TokenBuckets;

  constructor(
    @Inject(CONFIG) { openRateLimit }: Config,
    private readonly lifecycle: Lifecycle,
    clock: Clock,
  ) {
    this.buckets = new TokenBuckets(openRateLimit, () => clock.now(), BURST_SECONDS);
  }

  /** @throws Rejection rate_limited, unavailable */
  know(request: ApiRequest, reply: FastifyReply): void {
    const { url = '' } = request.routeOptions;
    if (!unlimited.test(url)) this.count(`${sourceOf(request.ip)} ${url}`, reply);
    if (apiOf(request)) this.lifecycle.assertReady();
  }

  private count(key: string, reply: FastifyReply): void {
    const { isWithin, nextIn } = this.buckets.take(key);
    if (isWithin) return;
    void reply.header('Retry-After', Math.max(1, Math.ceil(nextIn)));
    throw new Rejection('rate_limited', 'Too many requests come from your address; try again shortly');
  }
}
