import { Body, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Moment } from '../../read/moment.js';
import { hangUpOf } from '../door/hang-up.js';
import { type ApiRequest } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { requireView } from '../door/view-right.js';
import { ApiController } from '../openapi/operation.js';
import { authzen } from './api.js';
import { ContentBody } from './content-body.js';
import { toManage } from './decisions.js';
import { actionOf, bad, entityOf, requireContext, typeOf } from './entities.js';
import { actionExample, authzenOperation, resourceExample, subjectExample } from './operation.js';
import { type PageStart, PageTokens } from './page-tokens.js';
import { type Found, Searches } from './searches.js';

const page = { next_token: '', count: 1 };
const paged = '`page.limit` is at most 1000, 100 when absent; `page.next_token` is empty at the end.';
const refuses = ['bad_request', 'access_denied', 'client_not_found'] as const;

/** Who may do something, where, and what. Section "Search APIs" of the specification. */
@ApiController(authzen, ':account/access/v1/search', 'authzen')
export class SearchesController {
  constructor(
    private readonly scopes: Scopes,
    private readonly searches: Searches,
    private readonly tokens: PageTokens,
  ) {}

  @Post('subject')
  @authzenOperation(
    {
      summary: 'Find the users who may do something (Subject Search API)',
      description: `All pages are of the moment of the first one. ${paged}`,
      permissions: ['user.manage', 'user.view'],
      isScoped: false,
      large: 'always',
      past: 'as_of',
      example: { page, results: [subjectExample] },
      refuses,
    },
    { subject: { type: 'user' }, action: actionExample, resource: resourceExample },
  )
  async subject(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('account') client_id: string,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    requireContext(content);
    const asked = {
      type: typeOf(content, 'subject'),
      action: actionOf(content),
      resource: entityOf(content, 'resource'),
    };
    const at = this.scopes.of(request, { client_id });
    const search = ['subject', at.account, asked.type, ...wordsOf(asked)];
    const start = this.tokens.startOf(content, search);
    const then = this.at(request, at, start);
    const signal = hangUpOf(reply);
    return this.answer(
      await this.searches.subjects(request, then, asked, { ...start, signal }),
      start,
      then,
      search,
    );
  }

  @Post('resource')
  @authzenOperation(
    {
      summary: 'Find the accounts in which a user may do something (Resource Search API)',
      description: `The account of the user, then its clients, oldest first. ${paged}`,
      isScoped: false,
      large: 'always',
      example: { page, results: [resourceExample] },
      refuses,
    },
    { subject: subjectExample, action: actionExample, resource: { type: 'account' } },
  )
  async resource(
    @Req() request: ApiRequest,
    @Param('account') client_id: string,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    requireContext(content);
    const asked = {
      type: typeOf(content, 'resource'),
      action: actionOf(content),
      subject: entityOf(content, 'subject'),
    };
    requireView(request, asked.subject.id);
    const at = this.scopes.of(request, { client_id });
    const { type, subject } = asked;
    const search = ['resource', at.account, type, subject.type, subject.id, ...wordsOf(asked)];
    const start = this.tokens.startOf(content, search);
    return this.answer(await this.searches.resources(request, at, asked, start), start, at, search);
  }

  @Post('action')
  @authzenOperation(
    {
      summary: 'Find what a user may do in an account (Action Search API)',
      description: `Of an Admin these are the published permissions, though an Admin may do everything. ${paged}`,
      isScoped: false,
      large: 'always',
      past: 'as_of',
      example: { page, results: [actionExample] },
      refuses,
    },
    { subject: subjectExample, resource: resourceExample },
  )
  async action(
    @Req() request: ApiRequest,
    @Param('account') client_id: string,
    @Body() { content }: ContentBody,
  ): Promise<object> {
    requireContext(content);
    const asked = { subject: entityOf(content, 'subject'), resource: entityOf(content, 'resource') };
    const { subject, resource } = asked;
    requireView(request, subject.id);
    const at = this.scopes.of(request, { client_id });
    const search = ['action', at.account, subject.type, subject.id, resource.type, resource.id];
    const start = this.tokens.startOf(content, search);
    const then = this.at(request, at, start);
    return this.answer(await this.searches.actions(request, then, asked, start), start, then, search);
  }

  private answer(
    { results, next }: Found,
    start: PageStart,
    { revision }: Moment,
    search: readonly string[],
  ): object {
    const next_token = next === null ? '' : this.tokens.tokenOf({ ...start, after: next, revision }, search);
    return { page: { next_token, count: results.length }, results };
  }

  /** The moment of the first page. */
  private at(request: ApiRequest, now: Moment, { revision }: PageStart): Moment {
    if (revision === undefined) return now;
    if (revision > now.revision) throw bad('page.token belongs to another search');
    return this.scopes.at(request, { account: now.account, revision });
  }
}

interface Asked {
  readonly action: ReturnType<typeof actionOf>;
  readonly resource?: ReturnType<typeof entityOf>;
}

/** All of a search that its answer depends on. */
function wordsOf({ action, resource }: Asked): string[] {
  return [action.name, String(toManage(action)), ...(resource ? [resource.type, resource.id] : [])];
}
