import { Body, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { readers } from '../../../domain/permissions.js';
import { Rejection } from '../../../domain/rejection.js';
import { Deliveries } from '../../../publish/webhooks/deliveries.js';
import { type Delivery, states } from '../../../publish/webhooks/delivery.js';
import type { Moment } from '../../../read/moment.js';
import { GetWebhook, type WebhookView } from '../../../read/webhooks.js';
import { Door } from '../../door/door.js';
import type { ApiRequest } from '../../door/request.js';
import { sparseExample } from '../../openapi/example-schema.js';
import { OrderBody, ReplayBody, RetryBody } from '../../wire/deliveries.js';
import { namedMoment } from '../../wire/named-moment.js';
import { pageOf, PageQuery } from '../../wire/paging.js';
import { choiceOf } from '../../wire/parameters.js';
import { V2, v2Operation } from '../operation.js';
import { rowsOf } from '../page.js';
import { WebhookDesk } from './webhook-desk.js';
import { forWebhooks } from './webhook-operation.js';

const example: Delivery = {
  id: '5f0c6b1e2d3a4958a7b6c5d4e3f20112.4711',
  event_id: '5f0c6b1e2d3a4958a7b6c5d4e3f20112/4711',
  event_type: 'UserAddedToGroup',
  status: 'failed',
  attempts: [
    sparseExample({
      ...{ time: '2026-03-03T14:02:00.000Z', duration_ms: 31, status_code: 500, response: 'Out of order' },
      error: 'status_500',
    }),
  ],
  next_attempt: '2026-03-03T14:02:05.000Z',
};
const forSenders = { ...forWebhooks, status: 202 } as const;

/** What was sent to a webhook, and what is to be sent once more. */
@V2('webhooks/:webhookId')
export class DeliveriesController {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly door: Door,
    private readonly desk: WebhookDesk,
  ) {}

  @Get('deliveries')
  @v2Operation({
    summary: 'List the deliveries of a webhook, newest first',
    description:
      'pending before the first attempt, failed between attempts, given_up or skipped after the last. They are kept for 30 days.',
    permissions: readers,
    example: [example],
    refuses: ['webhook_not_found'],
  })
  @ApiQuery({ name: 'status', required: false, schema: { type: 'string', enum: [...states] } })
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('webhookId') id: string,
    @Query() query: PageQuery,
  ): Promise<readonly Delivery[]> {
    const status = choiceOf(request.query, 'status', states);
    await this.webhookOf(request, id);
    return rowsOf(reply, await this.deliveries.page(id, status, pageOf(query)));
  }

  @Post('deliveries/:deliveryId/retry')
  @v2Operation({
    ...forSenders,
    summary: 'Make a delivery once more',
    description: `Now, whatever became of it and whatever its schedule.`,
    refuses: ['webhook_not_found', 'delivery_not_found'],
  })
  async retry(
    @Req() request: ApiRequest,
    @Param('webhookId') id: string,
    @Param('deliveryId') delivery: string,
    @Body() body: OrderBody,
  ): Promise<void> {
    await this.orderedOf(request, id, body);
    await this.deliveries.retry(id, delivery);
  }

  @Post('retry')
  @v2Operation({
    ...forSenders,
    summary: 'Make all deliveries once more that were not accepted since a moment',
    description: `Those that failed, were given up or skipped.`,
    example: { count: 12 },
    refuses: ['webhook_not_found'],
  })
  async retrySince(
    @Req() request: ApiRequest,
    @Param('webhookId') id: string,
    @Body() body: RetryBody,
  ): Promise<object> {
    const { at } = await this.orderedOf(request, id, body);
    const since = namedMoment('failed_since', body.failed_since);
    if ('revision' in since && since.revision > at.revision) throw beyondHead('failed_since', at);
    return { count: await this.deliveries.retrySince(id, at, since) };
  }

  @Post('replay')
  @v2Operation({
    ...forSenders,
    summary: 'Send the events between two revisions once more, both included',
    description: `Those that the webhook wants, beside what is new.`,
    refuses: ['webhook_not_found', 'client_not_found'],
  })
  async replay(
    @Req() request: ApiRequest,
    @Param('webhookId') id: string,
    @Body() body: ReplayBody,
  ): Promise<void> {
    const { from, to } = body;
    const { account, revision } = await this.replayedOf(request, id, body);
    if (from > to) throw new Rejection('bad_request', '"from" is after "to"');
    if (to > revision) throw beyondHead('to', { revision });
    await this.deliveries.replay(id, account, from, to);
  }

  @Post('test')
  @v2Operation({
    ...forSenders,
    summary: 'Send a test event to a webhook',
    description:
      'A WebhookTest, at once and beside everything else; eight of a webhook are under way at once. Its delivery tells ' +
      'what became of it, once there is an outcome. One that a crash interrupts is sent again, with the same id.',
    refuses: ['webhook_not_found', 'webhook_disabled', 'webhook_paused'],
  })
  async test(
    @Req() request: ApiRequest,
    @Param('webhookId') id: string,
    @Body() body: OrderBody,
  ): Promise<void> {
    const { webhook } = await this.orderedOf(request, id, body);
    if (webhook.status !== 'active') throw new Rejection(`webhook_${webhook.status}`);
    await this.deliveries.test(id);
  }

  private async webhookOf(request: ApiRequest, id: string): Promise<WebhookView> {
    return this.door.read(request, (at) => new GetWebhook(at, id));
  }

  /** The account whose events are sent once more: a client, where the webhook of its company includes clients. */
  private async replayedOf(request: ApiRequest, id: string, body: ReplayBody): Promise<Moment> {
    try {
      return (await this.orderedOf(request, id, body)).at;
    } catch (error) {
      const client = this.door.scopes.of(request, body);
      const own = this.door.scopes.home(request);
      if (!isWebhookUnknown(error) || client.account === own.account) throw error;
      const { include_clients } = await this.door.ask(new GetWebhook(own, id));
      if (!include_clients) throw error;
      return client;
    }
  }

  private async orderedOf(
    request: ApiRequest,
    id: string,
    body: OrderBody,
  ): Promise<{ readonly at: Moment; readonly webhook: WebhookView }> {
    this.desk.requireRight(request);
    const at = this.door.scopes.of(request, body);
    return { at, webhook: await this.door.ask(new GetWebhook(at, id)) };
  }
}

function isWebhookUnknown(error: unknown): boolean {
  return error instanceof Rejection && error.code === 'webhook_not_found';
}

function beyondHead(name: string, { revision }: Pick<Moment, 'revision'>): Rejection {
  return new Rejection('bad_request', `${name} is beyond the last revision, ${revision}`);
}
