import type { Readable } from 'node:stream';
import { Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AuditCount } from '../../../audit/answers.js';
import { AuditLog } from '../../../audit/audit-log.js';
import { statistics } from '../../../audit/audit-query.js';
import { Trail, type TrailPage } from '../../../audit/trail.js';
import { TrailCounts } from '../../../audit/trail-counts.js';
import { outcomes } from '../../../audit/trail-question.js';
import type { DoneRow } from '../../../audit/trail-row.js';
import { Rejection } from '../../../domain/rejection.js';
import { hangUpOf } from '../../door/hang-up.js';
import { LargeReads } from '../../door/large-reads.js';
import { type ApiRequest, payerOf } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { choiceOf, refuseParameters } from '../../wire/parameters.js';
import { V2, v2Operation } from '../operation.js';
import { rowsOf } from '../page.js';
import { entryExample, pageExample } from './audit-example.js';
import { exportOf } from '../../wire/export.js';
import { exportFormatOf } from './audit-export.js';
import { AuditFilters, AuditPages, forReaders } from './audit-operation.js';
import { auditPagingIn, auditQueryIn, pagingNames } from './audit-parameters.js';

/** The log of an account. */
@V2('audit')
export class AuditController {
  constructor(
    private readonly audit: AuditLog,
    private readonly trail: Trail,
    private readonly counts: TrailCounts,
    private readonly scopes: Scopes,
    private readonly largeReads: LargeReads,
  ) {}

  @Get()
  @v2Operation({
    ...forReaders,
    summary: 'List what happened, newest first',
    description:
      'Each filter can be given several times, which means any of them, and turned round by `!`: `actor!=…`. ' +
      '`Accept: application/x-ndjson` or `text/csv` exports every entry, with a trailer that says it is whole. ' +
      '`outcome` asks for what was tried instead: refused, failed, or read; `any` for all of it, by time.',
    example: pageExample,
  })
  @AuditFilters('order', 'fold', 'outcome')
  @AuditPages()
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TrailPage | Readable> {
    const format = exportFormatOf(request);
    if (format) refuseParameters(request.query, pagingNames, 'an export has no pages');
    const query = auditQueryIn(request.query);
    const paging = auditPagingIn(request.query);
    const outcome = choiceOf(request.query, 'outcome', outcomes) ?? 'succeeded';
    const asked = { at: this.scopes.of(request), outcome, query };
    const signal = hangUpOf(reply);
    if (!format) return this.trail.page(asked, paging, signal);
    request.reading = 'export';
    this.largeReads.export(reply, payerOf(request));
    return exportOf(reply, format, this.trail.export(asked, signal));
  }

  @Get('stats')
  @v2Operation({
    ...forReaders,
    summary: 'Count what happened',
    description:
      'Hours, days and weeks are UTC, weeks begin on Monday; those without an entry are left out. ' +
      'It takes the filters of the log and counts events; with `outcome` also what was tried, each with its repetitions. ' +
      'order, fold, limit and cursor are refused.',
    example: [{ key: 'membership', count: 12 }],
  })
  @AuditFilters('by', 'outcome')
  async stats(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<readonly AuditCount[]> {
    const by = choiceOf(request.query, 'by', statistics);
    if (by === undefined) throw new Rejection('bad_request', `by must be one of ${statistics.join(', ')}`);
    const query = auditQueryIn(request.query);
    const outcome = choiceOf(request.query, 'outcome', outcomes) ?? 'succeeded';
    const asked = { at: this.scopes.of(request), outcome, query };
    const rows = await this.counts.of(asked, by, hangUpOf(reply));
    return rowsOf(reply, { rows, total: rows.length });
  }

  @Get(':revision')
  @v2Operation({
    ...forReaders,
    summary: 'Get one entry',
    example: entryExample,
    refuses: ['entry_not_found'],
  })
  async get(@Req() request: ApiRequest, @Param('revision') revision: string): Promise<object> {
    return this.entryAt(request, revision);
  }

  @Get(':revision/history')
  @v2Operation({
    ...forReaders,
    summary: 'List everything that ever touched the first subject of an entry',
    description: 'Newest first, each with the changes of that subject alone.',
    example: pageExample,
    refuses: ['entry_not_found'],
  })
  @AuditPages()
  async history(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('revision') revision: string,
  ): Promise<TrailPage> {
    const paging = auditPagingIn(request.query);
    const { subjects } = await this.entryAt(request, revision);
    const [thing] = subjects;
    if (!thing) throw new Rejection('entry_not_found');
    const at = this.scopes.of(request);
    return this.trail.withSources(await this.audit.history(at, thing, paging, hangUpOf(reply)), at);
  }

  private async entryAt(request: ApiRequest, text: string): Promise<DoneRow> {
    const at = this.scopes.of(request);
    const entry = /^\d{1,15}$/.test(text) ? await this.trail.entry(at, Number(text)) : undefined;
    if (!entry) throw new Rejection('entry_not_found');
    return entry;
  }
}
