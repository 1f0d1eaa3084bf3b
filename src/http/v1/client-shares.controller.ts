import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ShareClient, UnshareClient } from '../../domain/client-shares.js';
import { Rejection } from '../../domain/rejection.js';
import { ListShareRights, type ShareRightView } from '../../read/share-rights.js';
import { Commands } from '../door/commands.js';
import { flag } from '../wire/fields/flag.js';
import { MayBeAbsent } from '../wire/fields/presence.js';
import { IsShareList, type ShareField } from '../wire/fields/share.js';
import { everything, pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { done, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class ShareRightsBody {
  @ApiPropertyOptional({ example: [{ group_id: '0123456789abcdef0123456789abcdef', can_manage: true }] })
  @MayBeAbsent()
  @IsShareList()
  groups?: ShareField[];

  @ApiPropertyOptional({ description: 'In place of groups: the list as it was read' })
  @MayBeAbsent()
  @IsShareList()
  share_rights?: ShareField[];
}

export const shareExample: ShareRightView = {
  ...{ group_id: '0123456789abcdef0123456789abcdef', group_name: 'Managers', can_manage: true },
};
const example = list('share_rights', { rows: [shareExample], total: 1 }, (row) => row);
const refuses = ['client_not_found', 'missing_id'] as const;

/** Which groups of the company open a client to their members, and whether for changes, too. */
@V1('clients/:clientId/share-rights')
export class ClientSharesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

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
    const at = this.scopes.companyOf(request, clientId);
    const page = await this.queries.ask(new ListShareRights(at, clientId, pageOf(query)));
    return list('share_rights', page, (row) => row);
  }

  @Put()
  @v1Operation({
    summary: 'Share a client with groups of the company',
    description:
      'Groups that are not sent stay. can_manage that is not sent is false for a new group and stays for others. ' +
      'Answers all groups that the client is shared with.',
    permissions: ['client.share'],
    isScoped: false,
    example,
    refuses: [...refuses, 'group_not_found'],
  })
  async share(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) client_id: string,
    @Body() { groups, share_rights }: ShareRightsBody,
  ): Promise<Success> {
    const wanted = groups ?? share_rights;
    if (!wanted || (groups && share_rights))
      throw new Rejection(
        'bad_request',
        'groups must be a list of {group_id, can_manage?}, or share_rights instead of it',
      );
    const { account: company } = this.scopes.companyOf(request, client_id);
    const shares = wanted.map(({ group_id, can_manage }) => ({ group_id, can_manage: flag(can_manage) }));
    const elsewhere = wanted.find(({ group_id }) => this.scopes.ownerOf('group', group_id) !== company);
    // If the command refuses it, it is as if it stood in the path.
    if (elsewhere) request.params['groupId'] = elsewhere.group_id;
    const command = new ShareClient(company, { client_id, shares }, metaOf(request));
    const at = this.scopes.at(request, await this.commands.send(request, command));
    const page = await this.queries.ask(new ListShareRights(at, client_id, everything));
    return list('share_rights', page, (row) => row);
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
    const { account: company } = this.scopes.companyOf(request, client_id);
    await this.commands.send(request, new UnshareClient(company, { client_id, group_id }, metaOf(request)));
    return done;
  }

  @Delete()
  @v1Operation({
    summary: 'Says that a group id is missing',
    permissions: ['client.share'],
    isScoped: false,
    refuses: ['missing_id'],
  })
  unshareNothing(@Param('clientId') _clientId: string): never {
    throw new Rejection('missing_id');
  }
}
