import type { Readable } from 'node:stream';
import { Get, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DirectoryPast } from '../../../audit/directory-past.js';
import type { ReviewRow } from '../../../audit/past/past-question.js';
import { hangUpOf } from '../../door/hang-up.js';
import { LargeReads } from '../../door/large-reads.js';
import { type ApiRequest, payerOf } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { acceptedOf, exportOf } from '../../wire/export.js';
import { sparseExample } from '../../openapi/example-schema.js';
import { V2, v2Operation } from '../operation.js';
import { reviewCsv, reviewJson } from './access-review-formats.js';

const since = sparseExample({
  revision: 4711,
  time: '2026-03-03T14:02:00.000Z',
  by: sparseExample({ kind: 'user' as const, id: 'c17db511dbc00421d0a093fc8c236064', name: 'Ada Admin' }),
  reason: 'Ticket 812',
});

export const pathExample = sparseExample({
  type: 'group' as const,
  id: '2e21abc434a5169f9890576ec4d8e333',
  name: 'Managers',
  since,
});

const example: ReviewRow = {
  user: sparseExample({
    id: '0932d8270fb840f102d542331f200aca',
    name: 'Jane Doe',
    email: 'jane.doe@example.com',
    last_sign_in: '2026-03-02T08:15:00.000Z',
    keys: [
      sparseExample({
        ...{ id: 'b2c3d4e5f60718293a4b5c6d7e8f9012', name: 'Nightly sync' },
        ...{ created: '2026-01-31T08:15:00.000Z', last_used: '2026-03-02T23:00:00.000Z' },
      }),
    ],
  }),
  permission: 'accounts.read',
  sources: [pathExample],
  since,
};

/** What each user may do, for readers who have to confirm that it is right. */
@V2('access-review')
export class AccessReviewController {
  constructor(
    private readonly past: DirectoryPast,
    private readonly scopes: Scopes,
    private readonly largeReads: LargeReads,
  ) {}

  @Get()
  @v2Operation({
    summary: 'Review what each user holds, by which ways, since when, by whom and why',
    description:
      'One row a user and permission, all of them in one answer without pages. `Accept: text/csv` has a line a source, ' +
      'and a trailer that says it is whole. What is gone gives nothing, so it does not stand here. ' +
      '`since` of a row is that of its earliest source. `*` means every permission. `last_used` of a key is recorded ' +
      'at most once a day; it is null for a key that was not used, and for all keys as of a past moment.',
    permissions: ['user.manage', 'user.view'],
    past: 'review',
    large: 'always',
    isWhole: true,
    example: [example],
  })
  async review(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const at = this.scopes.of(request);
    request.reading = 'export';
    this.largeReads.export(reply, payerOf(request));
    const pieces = this.past.review(at, request.asOf === null, hangUpOf(reply));
    return exportOf(reply, acceptedOf(request.headers, [reviewCsv]) ?? reviewJson, pieces);
  }
}
