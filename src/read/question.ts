import { Query } from '@nestjs/cqrs';
import type { Moment } from './moment.js';

/** A query about one account at one moment. Its `type` is the name of its class. */
export abstract class Question<Answer> extends Query<Answer> {
  abstract readonly type: string;

  constructor(readonly at: Moment) {
    super();
  }
}

/**
 * A query about several accounts. Their revisions are independent of each other, so it cannot be
 * asked about the past.
 */
export abstract class PresentQuestion<Answer> extends Query<Answer> {
  abstract readonly type: string;

  /** @param account the account that asks */
  constructor(readonly account: string) {
    super();
  }
}
