import { Body, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { newApiKey, newId } from '../../application/secrets.js';
import { RevokeApiKey } from '../../domain/api-key.js';
import { type ApiKeyView, ListApiKeys } from '../../read/api-keys.js';
import { Door } from '../door/door.js';
import { IssueApiKeyBody } from '../wire/api-keys.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import type { ApiRequest } from '../door/request.js';
import { V2, v2Operation } from './operation.js';
import { rowsOf } from './page.js';

const example = {
  id: 'b2c3d4e5f60718293a4b5c6d7e8f9012',
  name: 'Nightly sync',
  created: '2026-01-31T08:15:00.000Z',
};
const listed = { ...example, issued_by: null };
const keyExample = `mk_${'0123456789abcdef'.repeat(2)}_${'x'.repeat(43)}`;

/** The API keys of a user. */
@V2('users/:userId/keys')
export class KeysController {
  constructor(private readonly door: Door) {}

  @Get()
  @v2Operation({
    summary: 'List the API keys of a user',
    past: 'as_of',
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
  ): Promise<readonly object[]> {
    const page = await this.door.read(request, (at) => new ListApiKeys(at, userId, pageOf(query)));
    return rowsOf(reply, page).map(shape);
  }

  @Post()
  @v2Operation({
    summary: 'Make an API key for a user',
    permissions: ['user.manage'],
    description:
      'The key acts as the user. A key for another user never holds more than its maker holds. ' +
      '`key` is shown here and never again.',
    status: 201,
    example: { ...example, key: keyExample },
    refuses: ['user_not_found', 'permission_escalation'],
  })
  async issue(
    @Req() request: ApiRequest,
    @Param('userId') user_id: string,
    @Body() body: IssueApiKeyBody,
  ): Promise<object> {
    const key_id = newId();
    let key = '';
    const { time } = await this.door.write(request, body, (account, meta) => {
      key = newApiKey(account);
      return body.toCommand({ user_id, key_id, key })(account, meta);
    });
    return { id: key_id, name: body.label(), key, created: time };
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
    const data = { user_id, key_id };
    await this.door.write(request, undefined, (account, meta) => new RevokeApiKey(account, data, meta));
  }
}

function shape({ id, name, created, issued_by }: ApiKeyView): object {
  return { id, name, created, issued_by };
}
