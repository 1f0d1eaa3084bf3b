import type { Readable } from 'node:stream';
import { Get, Req, Res } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DirectoryPast } from '../../../audit/directory-past.js';
import type { ComparedKey } from '../../../audit/past/past-question.js';
import { Rejection } from '../../../domain/rejection.js';
import type { ComparedChange } from '../../../read/compared-change.js';
import { hangUpOf } from '../../door/hang-up.js';
import type { ApiRequest } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { exportOf } from '../../wire/export.js';
import { openExample } from '../../openapi/example-schema.js';
import { namedMoment } from '../../wire/named-moment.js';
import { type SentQuery, valueOf } from '../../wire/parameters.js';
import { V2, v2Operation } from '../operation.js';
import { forReaders } from './audit-operation.js';

const change = openExample<ComparedChange>(
  {
    subject: { type: 'user', id: '0932d8270fb840f102d542331f200aca', name: 'Jane Doe' },
    kind: 'membership',
    what: { type: 'group', id: '2e21abc434a5169f9890576ec4d8e333', name: 'Managers' },
    before: null,
    after: { can_edit: true },
    because: [4711],
  },
  'what',
  'before',
  'after',
);

const moment = { required: false, type: String } as const;
const subjects = ['user', 'group', 'role'] as const;

/** How an account differs from what it was. */
@V2('diff')
export class DiffController {
  constructor(
    private readonly past: DirectoryPast,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v2Operation({
    ...forReaders,
    summary: 'Compare two moments of an account, or of one user, group or role',
    description:
      'What was undone in between is no change. `because` has the revisions that made it what it is at `to`. ' +
      '`kind` is existence, attribute, membership, role or permission: of users the effective permissions with their ' +
      'sources, of a group or role that is asked for its own.',
    example: { from: 4700, to: 4800, changes: [change] },
  })
  @ApiQuery({
    ...{ name: 'from', required: true, description: 'A revision or an RFC 3339 time' },
    schema: { type: 'string', example: '2' },
  })
  @ApiQuery({ name: 'to', ...moment, description: 'As from; the present if absent' })
  @ApiQuery({ name: 'user', ...moment, description: 'Only of this user' })
  @ApiQuery({ name: 'group', ...moment, description: 'Only of this group' })
  @ApiQuery({ name: 'role', ...moment, description: 'Only of this role' })
  async compare(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const { query } = request;
    if (query['from'] === undefined)
      throw new Rejection('bad_request', 'from must be a revision or a time: what to compare with');
    const thing = thingIn(query);
    const head = this.scopes.of(request);
    const from = this.scopes.named(request, head, 'from');
    const to = query['to'] === undefined ? head : this.scopes.named(request, head, 'to');
    if (from.revision > to.revision || isReversed(query))
      throw new Rejection('bad_request', 'from is after to');
    const pieces = this.past.diff(this.scopes.at(request, to), from.revision, thing, hangUpOf(reply));
    const header = `{"from":${from.revision},"to":${to.revision},"changes":[`;
    const lines = (rows: readonly string[]) => ({ text: rows.join(','), count: rows.length });
    const format = { type: 'application/json', header, lines, separator: ',', trailer: () => ']}' };
    return exportOf(reply, format, pieces);
  }
}

/**
 * Whether `from` is after `to`, also where both mean the same moment: two revisions of one command, or two times without an
 * event between them.
 */
function isReversed(query: SentQuery): boolean {
  const [from, to] = (['from', 'to'] as const).map((name) => namedMoment(name, valueOf(query, name) ?? '0'));
  if (!from || !to || query['to'] === undefined) return false;
  if ('time' in from) return 'time' in to && from.time > to.time;
  return 'revision' in to && from.revision > to.revision;
}

/** @throws Rejection bad_request */
function thingIn(query: SentQuery): ComparedKey | undefined {
  const [thing, ...more] = subjects.flatMap((type) => {
    const id = valueOf(query, type);
    return id === undefined ? [] : [{ type, id }];
  });
  if (more.length > 0) throw new Rejection('bad_request', 'Only one of user, group and role can be compared');
  return thing;
}
