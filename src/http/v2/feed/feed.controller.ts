import { Readable } from 'node:stream';
import { Get, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Arrivals } from '../../../feed/arrivals.js';
import type { CloudEvent } from '../../../feed/cloud-event.js';
import { Feed } from '../../../feed/feed.js';
import type { Watch } from '../../../feed/watch.js';
import type { Moment } from '../../../read/moment.js';
import { Projector } from '../../../read/projector.js';
import { Views } from '../../../read/views.js';
import { hangUpOf } from '../../door/hang-up.js';
import { type ApiRequest, callerOf } from '../../door/request.js';
import { Scopes } from '../../door/scopes.js';
import { Standing } from '../../door/standing.js';
import { openExample } from '../../openapi/example-schema.js';
import { acceptedOf } from '../../wire/export.js';
import { AuditFilters, forReaders } from '../audit/audit-operation.js';
import { V2, v2Operation } from '../operation.js';
import { eventStream } from './event-stream.js';
import {
  feedFilterIn,
  FeedParameters,
  pageSizeIn,
  refusePages,
  revisionIn,
  sentCursorIn,
} from './feed-parameters.js';
import { LiveAnswers } from '../../door/live-answers.js';
import { AccountReading, type Reading } from './reading.js';

const account = 'c533ba4f07fb86a64d69648689f6a0d7';
const example: CloudEvent = openExample(
  {
    specversion: '1.0' as const,
    id: `${account}/4711`,
    source: `/accounts/${account}`,
    type: 'UserAddedToGroup',
    subject: 'groups/2e21abc434a5169f9890576ec4d8e333',
    time: '2026-03-03T14:02:00.000Z',
    datacontenttype: 'application/json' as const,
    dataschema: 'https://muster.example.com/api/v2/event-types/UserAddedToGroup/1',
    sequence: '0000000000004711',
    authtype: 'app_user' as const,
    authid: 'c17db511dbc00421d0a093fc8c236064',
    credentialid: '5f2b0cf1f3c4a6f0d1c9d8e7a6b5c4d3',
    correlationid: 'b16c4c0b-7e38-40b6-a705-b5632027838d',
    causationid: `${account}/4700`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: {
      ...{ user_id: '0932d8270fb840f102d542331f200aca', group_id: '2e21abc434a5169f9890576ec4d8e333' },
      can_edit: false,
    },
  },
  'data',
);

/** What happens in an account, from its first event on, for those who follow it. */
@V2('events')
export class FeedController {
  constructor(
    private readonly feed: Feed,
    private readonly arrivals: Arrivals,
    private readonly live: LiveAnswers,
    private readonly scopes: Scopes,
    private readonly standing: Standing,
    private readonly projector: Projector,
    private readonly views: Views,
  ) {}

  @Get()
  @v2Operation({
    ...forReaders,
    summary: 'Read the events of an account in order, or follow them',
    description:
      'Events are CloudEvents 1.0.2. `next` is the `after` of the next page; it moves over events that filters leave ' +
      'out, so a page without events may not be the last: at the head it stays as it is. Filters are those of the audit ' +
      'log. `Accept: text/event-stream` is a stream of server-sent events that goes on.',
    example: { events: [example], next: 4711 },
    refuses: ['rate_limited', 'account_unreadable'],
  })
  @AuditFilters()
  @FeedParameters()
  async read(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | string> {
    const isStream = acceptedOf(request.headers, [{ type: 'text/event-stream' }]) !== undefined;
    if (isStream) refusePages(request.query);
    const filter = feedFilterIn(request.query);
    const size = pageSizeIn(request.query);
    const at = this.scopes.of(request);
    const after = revisionIn(sentCursorIn(request, isStream), at.revision);
    const hasStopped = () => this.projector.hasStopped(at.account);
    const reading = new AccountReading(this.feed, filter, after, this.nowOf(request, at.account), hasStopped);
    const watch = () => this.arrivals.watch(at.account);
    if (isStream) return this.stream(request, reply, reading, watch);
    return this.page(request, reply, reading, watch, size);
  }

  /** The account as its caller may see it at present. Rights are judged again after whatever may have taken them away. */
  private nowOf(request: ApiRequest, account: string): () => Moment {
    const home = callerOf(request).account;
    const accounts = [...new Set([home, this.companyOf(home), account])];
    let judged = this.arrivals.changesOfRights(accounts);
    return () => {
      const changes = this.arrivals.changesOfRights(accounts);
      if (changes === judged) {
        this.projector.assertReadable(account);
        return this.scopes.at(request, this.views.moments.now(account));
      }
      const at = this.standing.renewed(request);
      judged = changes;
      return at;
    };
  }

  private async page(
    request: ApiRequest,
    reply: FastifyReply,
    reading: Reading,
    watchOf: () => Watch,
    { limit, waitMs }: { readonly limit: number; readonly waitMs: number },
  ): Promise<string> {
    const until = performance.now() + waitMs;
    const watch = waitMs > 0 ? watchOf() : undefined;
    try {
      const signal = watch ? this.open(request, reply) : hangUpOf(reply);
      let events = await reading.next(limit, signal);
      while (watch && events.length === 0 && performance.now() < until && !signal.aborted) {
        if (reading.isAtHead) await watch.news(until - performance.now(), signal);
        events = await reading.next(limit, signal);
      }
      void reply.type('application/json; charset=utf-8');
      const next = JSON.stringify(reading.cursor);
      return `{"events":[${events.map(({ text }) => text).join(',')}],"next":${next}}`;
    } finally {
      watch?.end();
    }
  }

  private stream(request: ApiRequest, reply: FastifyReply, reading: Reading, watchOf: () => Watch): Readable {
    const signal = this.open(request, reply);
    // Proxies that gather answers would hold events back.
    void reply.headers({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    return Readable.from(eventStream(reading, watchOf, signal), { objectMode: false });
  }

  private open(request: ApiRequest, reply: FastifyReply): AbortSignal {
    const home = callerOf(request).account;
    return this.live.open(reply, this.companyOf(home), request.scope ?? home);
  }

  private companyOf(account: string): string {
    return this.views.tree.parentOf(account) ?? account;
  }
}
