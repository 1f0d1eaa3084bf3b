import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../../../application/clock.js';
import { publicKeyOf } from '../../../application/webhook-secret.js';
import { WebhookSeals } from '../../../application/webhook-seals.js';
import { Rejection } from '../../../domain/rejection.js';
import { Views } from '../../../read/views.js';
import { v2Operation } from '../operation.js';

/** The public keys by which receivers verify signatures of version `v1a`. */
@Controller('api/v2/webhooks/:webhookId/keys')
@ApiTags('v2 webhooks')
export class WebhookKeysController {
  constructor(
    private readonly views: Views,
    private readonly seals: WebhookSeals,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v2Operation({
    ...{ summary: 'List the public keys that a webhook signs with', credentialOf: 'nobody' },
    description: 'The newest first. Two for a day after a rotation.',
    callers: 'For everybody.',
    example: { keys: ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='] },
    refuses: ['webhook_not_found'],
  })
  list(@Param('webhookId') id: string): object {
    const found = this.views.webhooks.byId(id);
    if (!found || found.closed) throw new Rejection('webhook_not_found');
    const { account, webhook } = found;
    return { keys: this.seals.secretsOf({ account, id }, webhook, this.clock.timestamp()).map(publicKeyOf) };
  }
}
