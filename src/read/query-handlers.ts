import { Inject, type Provider } from '@nestjs/common';
import { QueryHandler } from '@nestjs/cqrs';
import { Projector } from './projector.js';
import { type Asked, questions } from './questions.js';
import { Views } from './views.js';

/** The query bus's handlers, one for each query. They refuse while the account's views cannot answer. */
export const queryHandlers: Provider[] = questions.map(({ asked }) => {
  @QueryHandler(asked)
  class Handler {
    constructor(
      @Inject(Views) private readonly views: Views,
      @Inject(Projector) private readonly projector: Projector,
    ) {}

    execute(query: Asked): Promise<unknown> {
      return new Promise((resolve) => {
        this.assertReadable(query);
        resolve(this.views.answers.to(query));
      });
    }

    private assertReadable(query: Asked): void {
      if ('at' in query) {
        this.projector.assertReadable(query.at.account);
        return;
      }
      this.projector.assertReadable(query.account);
      this.projector.assertClientsReadable(query.account);
    }
  }
  return Handler;
});
