import { Body, Delete, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { newId } from '../../../application/secrets.js';
import { readers } from '../../../domain/permissions.js';
import { DeleteWebhook } from '../../../domain/webhook.js';
import type { CheckResult } from '../../../publish/webhooks/webhook-check.js';
import { ListWebhooks } from '../../../read/webhooks.js';
import { Door } from '../../door/door.js';
import { hangUpOf } from '../../door/hang-up.js';
import type { ApiRequest } from '../../door/request.js';
import { sparseExample } from '../../openapi/example-schema.js';
import { pageOf, PageQuery } from '../../wire/paging.js';
import { ChangeWebhookBody, CheckWebhookBody, CreateWebhookBody } from '../../wire/webhooks.js';
import { V2, v2Operation } from '../operation.js';
import { rowsOf } from '../page.js';
import { webhookExample } from './webhook-answer.js';
import { WebhookDesk } from './webhook-desk.js';
import { forWebhooks } from './webhook-operation.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const reading = { permissions: readers, past: 'as_of' } as const;

/** Webhooks send what happens in an account elsewhere. */
@V2('webhooks')
export class WebhooksController {
  constructor(
    private readonly door: Door,
    private readonly desk: WebhookDesk,
  ) {}

  @Get()
  @v2Operation({ ...reading, summary: 'List the webhooks', example: [webhookExample()] })
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: PageQuery,
  ): Promise<readonly object[]> {
    const at = this.door.at(request);
    const page = await this.door.ask(new ListWebhooks(at, pageOf(query)));
    const rows = rowsOf(reply, page).map((webhook) => this.desk.shown(request, at.account, webhook));
    return Promise.all(rows);
  }

  @Get(':webhookId')
  @v2Operation({
    ...{ ...reading, summary: 'Get a webhook', example: webhookExample() },
    refuses: ['webhook_not_found'],
  })
  async get(@Req() request: ApiRequest, @Param('webhookId') id: string): Promise<object> {
    return this.desk.found(request, this.door.at(request), id);
  }

  @Post()
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Make a webhook', status: 201 },
    description:
      'Sends what happens from now on, signed as the Standard Webhooks specification says. `secret` is shown here and ' +
      'after a rotation, and never again.',
    example: webhookExample({ secret }),
    refuses: ['private_target', 'unresolvable', 'quota_exceeded', 'secret_required'],
  })
  async create(@Req() request: ApiRequest, @Body() body: CreateWebhookBody): Promise<object> {
    return this.desk.create(request, body, newId());
  }

  @Post('check')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Send a test event to an address, and keep nothing' },
    description:
      'One WebhookTest in the form of `profile`. It is signed with a secret that nobody knows, so a receiver that ' +
      'verifies refuses it. `status_code` is null when no answer came. Three of a company may be under way at once.',
    example: sparseExample({ ok: false, status_code: 401, duration_ms: 31, error: 'status_401' }),
    refuses: ['private_target', 'unresolvable', 'rate_limited'],
  })
  async check(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CheckWebhookBody,
  ): Promise<CheckResult> {
    return this.desk.check(request, body, hangUpOf(reply));
  }

  @Patch(':webhookId')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Change a webhook', example: webhookExample() },
    description:
      'Only the fields that are sent change. `headers` are all there will be; `***` keeps a value. Enabled again, it ' +
      'goes on from then, and `disabled_gap` says what a replay would fill.',
    refuses: ['webhook_not_found', 'private_target', 'unresolvable', 'secret_required'],
  })
  async change(
    @Req() request: ApiRequest,
    @Param('webhookId') id: string,
    @Body() body: ChangeWebhookBody,
  ): Promise<object> {
    return this.desk.change(request, body, id);
  }

  @Delete(':webhookId')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Delete a webhook', status: 204 },
    refuses: ['webhook_not_found'],
  })
  async delete(@Req() request: ApiRequest, @Param('webhookId') webhook_id: string): Promise<void> {
    await this.door.write(
      request,
      undefined,
      (account, meta) => new DeleteWebhook(account, { webhook_id }, meta),
    );
  }
}
