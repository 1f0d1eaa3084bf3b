import { Param, Post, Req } from '@nestjs/common';
import { PauseWebhook, ResumeWebhook } from '../../../domain/webhook-status.js';
import { Door } from '../../door/door.js';
import type { ApiRequest } from '../../door/request.js';
import { V2, v2Operation } from '../operation.js';
import { webhookExample } from './webhook-answer.js';
import { WebhookDesk } from './webhook-desk.js';
import { forWebhooks } from './webhook-operation.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** What is done to a webhook besides changing its facts. */
@V2('webhooks/:webhookId')
export class WebhookStatusController {
  constructor(
    private readonly door: Door,
    private readonly desk: WebhookDesk,
  ) {}

  @Post('rotate')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Make a new secret and a new pair of keys for a webhook' },
    description: 'Both the old and the new ones sign for a day. `secret` is shown here and never again.',
    example: webhookExample({ secret }),
    refuses: ['webhook_not_found', 'quota_exceeded', 'secret_required'],
  })
  rotate(@Req() request: ApiRequest, @Param('webhookId') id: string): Promise<object> {
    return this.desk.rotate(request, id);
  }

  @Post('pause')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Pause a webhook' },
    description: 'Nothing is sent until it is resumed, and nothing is lost.',
    example: webhookExample({ status: 'paused' }),
    refuses: ['webhook_not_found', 'webhook_disabled'],
  })
  async pause(@Req() request: ApiRequest, @Param('webhookId') webhook_id: string): Promise<object> {
    const outcome = await this.door.write(
      request,
      undefined,
      (account, meta) => new PauseWebhook(account, { webhook_id }, meta),
    );
    return this.desk.after(request, outcome, webhook_id);
  }

  @Post('resume')
  @v2Operation({
    ...{ ...forWebhooks, summary: 'Resume a webhook' },
    description: 'What happened while it was paused is sent now.',
    example: webhookExample(),
    refuses: ['webhook_not_found', 'webhook_disabled'],
  })
  async resume(@Req() request: ApiRequest, @Param('webhookId') webhook_id: string): Promise<object> {
    const outcome = await this.door.write(
      request,
      undefined,
      (account, meta) => new ResumeWebhook(account, { webhook_id }, meta),
    );
    return this.desk.after(request, outcome, webhook_id);
  }
}
