import { Injectable } from '@nestjs/common';
import type { Outcome } from '../../application/outcome.js';
import type { Command } from '../../domain/aggregates.js';
import type { CommandMeta } from '../../domain/command.js';
import type { Moment } from '../../read/moment.js';
import type { AnswerTo, Asked } from '../../read/questions.js';
import { Commands } from './commands.js';
import { Queries } from './queries.js';
import { type ApiRequest, metaOf } from './request.js';
import { Scopes } from './scopes.js';

/** Asks and changes the account that a request is about: the caller's own, or the client that `client_id` names. */
@Injectable()
export class Door {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  /** @throws Rejection as {@link Scopes.of} does, and whatever refuses the query */
  async read<Some extends Asked>(request: ApiRequest, query: (at: Moment) => Some): Promise<AnswerTo<Some>> {
    return this.queries.ask(query(this.scopes.of(request)));
  }

  /**
   * @param body may name the account as well; undefined when the request has none
   * @throws Rejection as {@link Scopes.of} and {@link metaOf} do, and whatever refuses the command
   */
  async write(
    request: ApiRequest,
    body: { readonly client_id?: string | undefined } | undefined,
    command: (account: string, meta: CommandMeta) => Command,
  ): Promise<Outcome> {
    const { account } = this.scopes.of(request, body);
    return this.commands.send(request, command(account, metaOf(request)));
  }
}
