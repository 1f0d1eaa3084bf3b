import { Body, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { hashApiKey, newApiKey, newId } from '../../application/secrets.js';
import { IssueApiKey, RevokeApiKey } from '../../domain/api-key.js';
import { type ApiKeyView, ListApiKeys } from '../../read/api-keys.js';
import { Commands } from '../door/commands.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeNull } from '../wire/fields/presence.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { V2, v2Operation } from './operation.js';
import { rowsOf } from './page.js';

class IssueApiKeyBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Nightly sync', nullable: true })
  @MayBeNull()
  @IsName()
  name?: string | null;
}

const example = {
  id: 'b2c3d4e5f60718293a4b5c6d7e8f9012',
  name: 'Nightly sync',
  created: '2026-01-31T08:15:00.000Z',
};
const listed = { ...example, issued_by: null };
const key = `mk_${'0123456789abcdef'.repeat(2)}_${'x'.repeat(43)}`;

/** The API keys of a user. */
@V2('users/:userId/keys')
export class KeysController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v2Operation({
    summary: 'List the API keys of a user',
    permissions: ['user.manage', 'user.view'],
    description:
      'A key itself is shown only once, when it is made. `issued_by` is its maker, maybe a user ' +
      'of the company; null for the operator and the first start.',
    example: [listed],
    refuses: ['user_not_found'],
  })
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('userId') userId: string,
    @Query() query: PageQuery,
  ): Promise<readonly ApiKeyView[]> {
    const at = this.scopes.of(request);
    return rowsOf(reply, await this.queries.ask(new ListApiKeys(at, userId, pageOf(query))));
  }

  @Post()
  @v2Operation({
    summary: 'Make an API key for a user',
    permissions: ['user.manage'],
    description:
      'The key acts as the user. A key for another user never holds more than its maker holds. ' +
      '`key` is shown here and never again.',
    status: 201,
    example: { ...example, key },
    refuses: ['user_not_found', 'permission_escalation'],
  })
  async issue(
    @Req() request: ApiRequest,
    @Param('userId') user_id: string,
    @Body() body: IssueApiKeyBody,
  ): Promise<object> {
    const { account } = this.scopes.of(request, body);
    const [key_id, secret] = [newId(), newApiKey(account)];
    const name = body.name ?? 'API key';
    const data = { user_id, key_id, name, key_hash: hashApiKey(secret) };
    const { time } = await this.commands.send(request, new IssueApiKey(account, data, metaOf(request)));
    return { id: key_id, name, key: secret, created: time };
  }

  @Delete(':keyId')
  @v2Operation({
    summary: 'Revoke an API key',
    permissions: ['user.manage'],
    description: 'The key of a stronger user cannot be revoked. Users may always revoke their own keys.',
    status: 204,
    refuses: ['user_not_found', 'key_not_found', 'permission_escalation'],
  })
  async revoke(
    @Req() request: ApiRequest,
    @Param('userId') user_id: string,
    @Param('keyId') key_id: string,
  ): Promise<void> {
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new RevokeApiKey(account, { user_id, key_id }, metaOf(request)));
  }
}
