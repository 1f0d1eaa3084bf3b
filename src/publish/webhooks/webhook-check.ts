import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import { NameLookUp } from './name-look-up.js';
import { Transmission } from './transmission.js';
import type { EventPlace } from './unit.js';

/** How many checks of a company are under way at once, at most. */
const MOST_AT_ONCE = 3;

/** Where a test event is sent, and how. Nothing of it is kept. */
export interface CheckedTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly profile: WebhookFacts['profile'];
}

/** What became of it. */
export interface CheckResult {
  /** Whether the receiver accepted it (2xx). */
  readonly ok: boolean;
  /** Null when no answer came. */
  readonly status_code: number | null;
  readonly duration_ms: number;
  /** A code: `status_<number>`, `timeout`, `private_target`, or that of the system. */
  readonly error?: string;
}

/** Tries out whether a receiver can be reached, before there is a webhook. */
@Injectable()
export class WebhookCheck {
  /** How many checks of each company are under way. */
  private readonly underWay = new Map<string, number>();

  constructor(
    private readonly names: NameLookUp,
    private readonly transmission: Transmission,
  ) {}

  /**
   * @param company the one that pays for it
   * @param at the account that the test event names, as it is
   * @throws Rejection bad_request, private_target, unresolvable; rate_limited
   */
  async run(
    company: string,
    at: EventPlace,
    target: CheckedTarget,
    signal: AbortSignal,
  ): Promise<CheckResult> {
    const before = this.underWay.get(company) ?? 0;
    if (before >= MOST_AT_ONCE)
      throw new Rejection('rate_limited', `${MOST_AT_ONCE} checks are under way already`, { retryAfter: 1 });
    this.underWay.set(company, before + 1);
    try {
      await this.names.requireAllowed(target.url);
      const { attempt, isAccepted } = await this.transmission.check(at, target, randomUUID(), signal);
      const { status_code, duration_ms, error } = attempt;
      return { ok: isAccepted, status_code, duration_ms, ...(error === undefined ? {} : { error }) };
    } finally {
      const now = this.underWay.get(company) ?? 1;
      if (now > 1) this.underWay.set(company, now - 1);
      else this.underWay.delete(company);
    }
  }
}
