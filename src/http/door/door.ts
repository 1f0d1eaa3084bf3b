import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Outcome } from '../../application/outcome.js';
import { CONFIG, type Config } from '../../config/config.js';
import type { Command } from '../../domain/aggregates.js';
import type { Moment } from '../../read/moment.js';
import type { Page, PageRequest } from '../../read/page.js';
import type { AnswerTo, Asked } from '../../read/questions.js';
import type { Draft } from '../wire/draft.js';
import { Commands } from './commands.js';
import { NewPasswords } from './new-passwords.js';
import { Queries } from './queries.js';
import { type ApiRequest, callerOf, metaOf } from './request.js';
import { Room } from './room.js';
import { Scopes } from './scopes.js';

type Ask<Query extends Asked> = (at: Moment) => Query;
/** Queries whose answers are pages. */
type Paged = {
  [Some in Asked as Some['type']]: AnswerTo<Some> extends Page<object> ? Some : never;
}[Asked['type']];
type RowOf<Query extends Paged> = AnswerTo<Query>['rows'][number];

/** How many rows of an embedded list are read before others have their turn. */
const PIECE = 1_000;
type AnyDraft = Draft<Command | Promise<Command>>;

/** What a controller answers requests with: it finds the account that a request is about, asks and sends. */
@Injectable()
export class Door {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly passwords: NewPasswords,
    readonly scopes: Scopes,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Asks one query about the account that `client_id` names, or the caller's own. @throws Rejection as the query and {@link Scopes.of} */
  async read<Query extends Asked>(request: ApiRequest, ask: Ask<Query>): Promise<AnswerTo<Query>> {
    return this.ask(ask(this.at(request)));
  }

  /** Asks one query about a client that the path names. @throws Rejection as the query and {@link Scopes.clientOf} */
  async readClient<Query extends Asked>(
    request: ApiRequest,
    client: string,
    ask: Ask<Query>,
  ): Promise<AnswerTo<Query>> {
    return this.ask(ask(this.scopes.clientOf(request, client)));
  }

  /** Asks one query about the company of a client that the path names. @throws Rejection as the query and {@link Scopes.companyOf} */
  async readCompany<Query extends Asked>(
    request: ApiRequest,
    client: string,
    ask: Ask<Query>,
  ): Promise<AnswerTo<Query>> {
    return this.ask(ask(this.scopes.companyOf(request, client)));
  }

  /** The moment that several queries of one answer share. @throws Rejection as {@link Scopes.of} */
  at(request: ApiRequest): Moment {
    return this.scopes.of(request);
  }

  ask<Query extends Asked>(query: Query): Promise<AnswerTo<Query>> {
    return this.queries.ask(query);
  }

  /** The room of an answer for lists besides what it is about. */
  room(): Room {
    return new Room(this.config.limits.embedded);
  }

  /** A list that an answer embeds: all of it, or as much as there is room for. */
  async embed<Query extends Paged>(
    room: Room,
    ask: (page: PageRequest) => Query,
  ): Promise<Page<RowOf<Query>>> {
    const rows: RowOf<Query>[] = [];
    for (;;) {
      const limit = Math.min(PIECE, room.rows - rows.length);
      const page = (await this.ask(ask({ limit, offset: rows.length }))) as Page<RowOf<Query>>;
      const taken = room.take(page.rows);
      rows.push(...taken);
      const isOver = rows.length >= Math.min(page.total, room.rows) || taken.length < limit;
      if (isOver) return { rows, total: page.total };
      await turn();
    }
  }

  /**
   * Sends a command to the account that `client_id` names, in the query or the body, or to the caller's own.
   * @throws Rejection as the command and {@link Scopes.of}
   */
  async write(
    request: ApiRequest,
    body: { readonly client_id?: string | undefined } | undefined,
    draft: AnyDraft,
  ): Promise<Outcome> {
    return this.send(request, this.scopes.of(request, body).account, draft);
  }

  /** Sends a command that sets a password. @throws Rejection as {@link write} and {@link NewPasswords.send} */
  async writePassword(
    request: ApiRequest,
    body: { readonly client_id?: string | undefined },
    given: { readonly email: string; readonly password: string },
    draft: (password_hash: string) => Draft<Command>,
  ): Promise<Outcome> {
    const { account } = this.scopes.of(request, body);
    const meta = metaOf(request);
    const by = { caller: `company ${request.payer}`, subject: callerOf(request).id };
    return this.passwords.send(request, { ...given, by }, (hash) => draft(hash)(account, meta));
  }

  /** Sends a command to a client that the path names. @throws Rejection as the command and {@link Scopes.requireClient} */
  async writeClient(request: ApiRequest, client: string, draft: AnyDraft): Promise<Outcome> {
    this.scopes.requireClient(request, client);
    return this.send(request, client, draft);
  }

  /** Sends a command to the company of a client that the path names. @throws Rejection as the command and {@link Scopes.companyOf} */
  async writeCompany(request: ApiRequest, client: string, draft: AnyDraft): Promise<Outcome> {
    return this.send(request, this.scopes.companyOf(request, client).account, draft);
  }

  /** Sends a command to an account that was looked at already. @throws Rejection as the command, bad_reason */
  async send(request: ApiRequest, account: string, draft: AnyDraft): Promise<Outcome> {
    return this.commands.send(request, await draft(account, metaOf(request)));
  }
}
