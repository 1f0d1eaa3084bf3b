import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FreeSpace } from '../../application/free-space.js';
import { Lifecycle } from '../../application/lifecycle.js';
import { Projector } from '../../read/projector.js';
import { Metrics } from './metrics.js';
import { schemaOf } from '../openapi/example-schema.js';

const live = { status: 'up' };
const stoppedAccount = { account: '0123456789abcdef0123456789abcdef', kind: 'unreadable' };
const ready = {
  ...{ status: 'degraded', event_store: 'up', views: 'up', stopped_accounts: [stoppedAccount] },
  warnings: ['Only 312 MB are free on the disk of the log and the views'],
};
const notReady = {
  ...{ status: 'down', event_store: 'out of reach', views: 'catching up', stopped_accounts: [] },
  warnings: ready.warnings,
};
const json = (example: object) => ({
  content: { 'application/json': { schema: schemaOf(example), example } },
});

/** For those who run the service. */
@Controller()
@ApiTags('operation')
export class HealthController {
  constructor(
    private readonly projector: Projector,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly freeSpace: FreeSpace,
  ) {}

  @Get('health/live')
  @ApiOperation({ operationId: 'checkLiveness', summary: 'Whether the process answers', security: [] })
  @ApiResponse({ status: 200, description: 'It does', ...json(live) })
  live(): object {
    return live;
  }

  @Get('health/ready')
  @ApiOperation({
    operationId: 'checkReadiness',
    summary: 'Whether requests can be served',
    security: [],
    description: '`status` is up, degraded or down.',
  })
  @ApiResponse({
    status: 200,
    description:
      '`degraded`: requests are served, but an operator should look. `stopped_accounts` names accounts whose views have stopped, or that take no commands because their log cannot be read; all others are served. `warnings` is there when a disk has little room left.',
    ...json(ready),
  })
  @ApiResponse({
    status: 503,
    description:
      'The service is starting, catching up with the log or stopping, has not heard from the event store for 10 s, or cannot write to it (`event_store` is `cannot be written`; reads go on).',
    ...json(notReady),
  })
  ready(@Res({ passthrough: true }) reply: FastifyReply): object {
    const { isCaughtUp, isStale, logTrouble, stoppedAccounts } = this.projector;
    const isReady = this.lifecycle.isReady && logTrouble === undefined;
    if (!isReady) void reply.status(503);
    const warnings = this.freeSpace.warnings();
    const isWhole = stoppedAccounts.length === 0 && warnings.length === 0;
    const stopped = stoppedAccounts.map(({ account, kind }) => ({ account, kind }));
    return {
      status: isReady ? (isWhole ? 'up' : 'degraded') : 'down',
      event_store: isStale ? 'out of reach' : logTrouble === undefined ? 'up' : 'cannot be written',
      views: isCaughtUp ? 'up' : 'catching up',
      stopped_accounts: stopped,
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  }

  @Get('metrics')
  @ApiOperation({ operationId: 'readMetrics', summary: 'Figures for Prometheus', security: [] })
  @ApiResponse({
    status: 200,
    description: 'In the text format of Prometheus',
    content: { 'text/plain': { schema: { type: 'string' }, example: 'muster_views_caught_up 1\n' } },
  })
  async figures(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
