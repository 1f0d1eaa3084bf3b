import { Body, Param, Post, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { mapExample, schemaOf } from '../openapi/example-schema.js';
import { V1, v1Operation } from './operation.js';
import { SettingsBody } from '../wire/client-settings.js';
import { settingsExample } from './client.js';
import { done, type Success } from './envelope.js';

const bodyExample = mapExample({ ...settingsExample, theme: null });

/** Settings of a client account: values by names that are the caller's own. */
@V1('clients/:clientId/settings')
export class ClientSettingsController {
  constructor(private readonly door: Door) {}

  @Post()
  @v1Operation({
    summary: 'Set settings of a client account',
    description:
      'The body is an object of settings by name: texts, numbers or booleans; null or "" removes one. ' +
      'Those that are not sent stay; there can be 200. `GET /clients/{id}?full=true` shows them.',
    permissions: ['client.edit'],
    isScoped: false,
    example: done,
    refuses: ['client_not_found', 'missing_id'],
  })
  @ApiBody({ schema: { ...schemaOf(bodyExample), example: bodyExample } })
  async set(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Body() body: SettingsBody,
  ): Promise<Success> {
    await this.door.writeClient(request, clientId, body.toCommand());
    return done;
  }
}
