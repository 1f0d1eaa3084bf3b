import { Body, Param, Post, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { SetClientSettings, type SettingValue } from '../../domain/client-settings.js';
import { Commands } from '../door/commands.js';
import { IsSettingMap } from '../wire/fields/map.js';
import { mapExample, schemaOf } from '../openapi/example-schema.js';
import { PathId } from '../door/path-id.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { Whole } from '../door/validation.js';
import { done, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

@Whole('settings')
class SettingsBody {
  @IsSettingMap()
  settings!: Record<string, SettingValue | null>;
}

export const settingsExample = mapExample({ locale: 'de-CH', line_height: 1.5, dark: true });

const bodyExample = mapExample({ ...settingsExample, theme: null });

/** Settings of a client account: values by names that are the caller's own. */
@V1('clients/:clientId/settings')
export class ClientSettingsController {
  constructor(
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

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
    @Body() { settings }: SettingsBody,
  ): Promise<Success> {
    this.scopes.requireClient(request, clientId);
    await this.commands.send(request, new SetClientSettings(clientId, { settings }, metaOf(request)));
    return done;
  }
}
