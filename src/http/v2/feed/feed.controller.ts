import { Readable } from 'node:stream';
import { Get, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readers } from '../../../domain/permissions.js';
import { hangUpOf } from '../../door/hang-up.js';
import { LargeReads } from '../../door/large-reads.js';
import { LiveAnswers } from '../../door/live-answers.js';
import { type ApiRequest, callerOf, payerOf } from '../../door/request.js';
import { acceptedOf } from '../../wire/export.js';
import { AuditFilters } from '../audit/audit-operation.js';
import { V2, v2Operation } from '../operation.js';
import { eventStream, isLarge, LARGE } from './event-stream.js';
import { exampleEvent, exampleStream } from './feed-examples.js';
import { FeedParameters, pageSizeIn, refusePages } from './feed-parameters.js';
import { type Followed, FeedReadings } from './feed-readings.js';
import type { Cursor, SentEvent } from './reading.js';

/** What happens in an account, from its first event on, for those who follow it. */
@V2('events')
export class FeedController {
  constructor(
    private readonly readings: FeedReadings,
    private readonly live: LiveAnswers,
    private readonly largeReads: LargeReads,
  ) {}

  @Get()
  @v2Operation({
    ...{ permissions: readers, past: 'log' },
    summary: 'Read the events of an account in order, or follow them',
    description:
      'Events are CloudEvents 1.0.2. `next` is the `after` of the next page; it moves over events that filters leave ' +
      'out, so a page without events may not be the last: at the head it stays as it is. Filters are those of the audit ' +
      'log. `Accept: text/event-stream` is a stream of server-sent events that goes on: `id` is the cursor behind an event, ' +
      '`event` its type, `data` the CloudEvent on one line. `event: position` says how far a stream has come whose filter ' +
      'lets nothing through, `data` is `{"cursor": …}`. A comment comes at least every 15 seconds. A stream takes no ' +
      '`limit` and no `wait`.',
    example: { events: [exampleEvent], next: 4711 },
    streams: { type: 'text/event-stream', example: exampleStream },
    refuses: ['cursor_expired'],
  })
  @AuditFilters()
  @FeedParameters()
  async read(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | Buffer> {
    const isStream = acceptedOf(request.headers, [{ type: 'text/event-stream' }]) !== undefined;
    if (isStream) refusePages(request.query);
    const size = pageSizeIn(request.query);
    const followed = await this.readings.of(request, isStream);
    return isStream ? this.stream(request, reply, followed) : this.page(request, reply, followed, size);
  }

  private async page(
    request: ApiRequest,
    reply: FastifyReply,
    followed: Followed,
    { limit, waitMs }: { readonly limit: number; readonly waitMs: number },
  ): Promise<Buffer> {
    const { reading } = followed;
    const until = performance.now() + waitMs;
    const watch = waitMs > 0 ? followed.watch() : undefined;
    let leave: (() => void) | undefined;
    try {
      const signal = watch ? this.open(request, reply, followed) : hangUpOf(reply);
      leave = await this.largeReads.take(payerOf(request));
      let events = await reading.next({ limit }, signal);
      while (watch && events.length === 0 && performance.now() < until && !signal.aborted) {
        if (reading.isAtHead) {
          leave?.();
          leave = undefined;
          await watch.news(Math.min(until - performance.now(), reading.patienceMs), signal);
        }
        // Without a place no more is read than may be held without one.
        events = await reading.next(leave ? { limit } : { limit, characters: LARGE }, signal);
      }
      if (isLarge(events))
        this.largeReads.keep(reply, leave ?? (await this.largeReads.take(payerOf(request))));
      else leave?.();
      leave = undefined;
      void reply.type('application/json; charset=utf-8');
      return pageText(events, reading.cursor);
    } finally {
      leave?.();
      watch?.end();
    }
  }

  private stream(request: ApiRequest, reply: FastifyReply, followed: Followed): Readable {
    const signal = this.open(request, reply, followed);
    const take = () => this.largeReads.takeTurn(payerOf(request));
    // Proxies that gather answers would hold events back.
    void reply.headers({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    const { reading, watch } = followed;
    return Readable.from(eventStream(reading, watch, take, signal), { objectMode: false });
  }

  private open(request: ApiRequest, reply: FastifyReply, { written }: Followed): AbortSignal {
    return this.live.open(reply, this.readings.companyOf(callerOf(request).account), written);
  }
}

/** To append is faster than to join, and bytes are counted by themselves. */
function pageText(events: readonly SentEvent[], next: Cursor): Buffer {
  let text = '{"events":[';
  for (const [index, event] of events.entries()) text += index === 0 ? event.text : `,${event.text}`;
  return Buffer.from(`${text}],"next":${JSON.stringify(next)}}`);
}
