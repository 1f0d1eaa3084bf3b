import { Query } from '@nestjs/cqrs';
import type { Moment } from './moment.js';

/** A query about one account at one moment; its `type` is its class's name. */
export abstract class Question<Answer> extends Query<Answer> {
  abstract readonly type: string;

  constructor(readonly at: Moment) {
    super();
  }
}

/** A query about several accounts, whose revisions have nothing to do with each other: there is no past of it. */
export abstract class PresentQuestion<Answer> extends Query<Answer> {
  abstract readonly type: string;

  /** @param account in whose name it is asked */
  constructor(readonly account: string) {
    super();
  }
}
