import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { UnshareClient } from '../../domain/client-shares.js';
import { ListShareRights } from '../../read/share-rights.js';
import type { Moment } from '../../read/moment.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { ShareRightsBody } from '../wire/client-shares.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { shareExample, shareRow } from './client.js';
import { done, list, listExample, type Success } from './envelope.js';
import { LacksId } from './lacks-id.js';

const example = listExample('share_rights', shareExample);
const refuses = ['client_not_found', 'missing_id'] as const;

/** Which groups of the company open a client to their members, and whether for changes, too. */
@V1('clients/:clientId/share-rights')
@LacksId({
  ...{
    code: 'missing_id',
    what: 'a group id',
    permission: 'client.share',
    below: 'clientId',
    isScoped: false,
  },
  routes: { unshareNothing: Delete },
})
export class ClientSharesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the groups that a client is shared with',
    permissions: ['client.access'],
    isScoped: false,
    example,
    refuses,
  })
  async list(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const ask = (at: Moment) => new ListShareRights(at, clientId, pageOf(query));
    return list('share_rights', await this.door.readCompany(request, clientId, ask), shareRow);
  }

  @Put()
  @v1Operation({
    summary: 'Share a client with groups of the company',
    description:
      'Groups that are not sent stay. can_manage that is not sent is false for a new group and stays for others. ' +
      'Answers all groups that the client is shared with, the first 10,000 where the operator sets no other limit.',
    permissions: ['client.share'],
    isScoped: false,
    example,
    refuses: [...refuses, 'group_not_found', 'change_too_large'],
  })
  async share(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) client_id: string,
    @Body() body: ShareRightsBody,
  ): Promise<Success> {
    const toCommand = body.toCommand({ client_id });
    const { account: company } = this.door.scopes.companyOf(request, client_id);
    const elsewhere = body
      .shares()
      .find(({ group_id }) => this.door.scopes.ownerOf('group', group_id) !== company);
    // If the command refuses it, it is as if it stood in the path.
    if (elsewhere) request.params['groupId'] = elsewhere.group_id;
    const after = await this.door.send(request, company, toCommand);
    const at = this.door.scopes.at(request, after);
    const room = this.door.room();
    const page = await this.door.embed(room, (part) => new ListShareRights(at, client_id, part));
    return list('share_rights', page, shareRow);
  }

  @Delete(':groupId')
  @v1Operation({
    summary: 'Stop sharing a client with a group',
    permissions: ['client.share'],
    isScoped: false,
    example: done,
    refuses: [...refuses, 'group_not_found', 'client_not_shared'],
  })
  async unshare(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) client_id: string,
    @Param('groupId', PathId) group_id: string,
  ): Promise<Success> {
    const data = { client_id, group_id };
    await this.door.writeCompany(
      request,
      client_id,
      (company, meta) => new UnshareClient(company, data, meta),
    );
    return done;
  }
}
