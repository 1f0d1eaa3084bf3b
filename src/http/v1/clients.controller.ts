import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { newId } from '../../application/secrets.js';
import { type ClientStatus, clientStatuses } from '../../domain/client-status.js';
import { GetClientSettings } from '../../read/client-settings.js';
import { GetClient } from '../../read/client.js';
import { ListClients } from '../../read/clients.js';
import { ListGroups } from '../../read/groups.js';
import type { Moment } from '../../read/moment.js';
import { ListShareRights } from '../../read/share-rights.js';
import { ListUsers } from '../../read/users.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import { type ApiRequest, callerOf } from '../door/request.js';
import type { Room } from '../door/room.js';
import { V1, v1Operation } from './operation.js';
import { CreateClientBody } from '../wire/clients.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsQueryText } from '../wire/fields/text.js';
import { FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { clientDetail, clientDetailExample, clientExample, clientRow, shareRow } from './client.js';
import { answer, created, cutNote, embedded, list, listExample, type Success } from './envelope.js';
import { groupRow } from './group.js';
import { userRow } from './user.js';

class ClientListQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only clients with this external id' })
  @IsOptional()
  @IsQueryText()
  external_id?: string;

  @ApiPropertyOptional({ description: 'Only clients of this status', enum: clientStatuses })
  @IsOptional()
  @IsIn(clientStatuses)
  status?: ClientStatus;

  @ApiPropertyOptional({
    description: 'With external_id: include users, groups and share rights',
    enum: ['true', 'false'],
  })
  @IsOptional()
  @IsFlag()
  full?: string;
}

/** Client accounts of a company. */
@V1('clients')
export class ClientsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the client accounts',
    large: 'with associations',
    description:
      '`users`, `groups` and `share_rights` are there with `full` and `external_id`, of clients that the caller reaches. ' +
      cutNote,
    permissions: ['client.access'],
    isScoped: false,
    example: listExample('clients', clientExample),
  })
  async list(@Req() request: ApiRequest, @Query() query: ClientListQuery): Promise<Success> {
    const { account } = this.door.scopes.home(request);
    const { external_id, status } = query;
    const page = await this.door.ask(new ListClients(account, { external_id, status }, pageOf(query)));
    const isFullList = external_id !== undefined && flag(query.full);
    const room = this.door.room();
    const rows: object[] = [];
    for (const client of page.rows) {
      const at = this.door.scopes.at(request, { account: client.id, revision: client.revision });
      rows.push({ ...clientRow(client), ...(isFullList ? await this.associations(request, at, room) : {}) });
    }
    return list('clients', { rows, total: page.total }, (row) => row);
  }

  @Get(':clientId')
  @v1Operation({
    summary: 'Get a client account',
    large: 'with associations',
    description:
      '`trial_ends` is there when the trial was extended. `full` adds `settings`, `direct_billing` when it is enabled, ' +
      `and to a caller who reaches the client \`users\`, \`groups\` and \`share_rights\`. ${cutNote}`,
    permissions: ['client.access'],
    isScoped: false,
    example: answer(clientDetailExample),
    refuses: ['client_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.door.scopes.clientOf(request, clientId);
    const client = await this.door.ask(new GetClient(at));
    const detail = clientDetail(client);
    if (!isFull(query)) return answer(detail);
    const settings = await this.door.ask(new GetClientSettings(at));
    const billing = client.direct_billing ? { direct_billing: true } : {};
    return answer({
      ...detail,
      ...billing,
      settings,
      ...(await this.associations(request, at, this.door.room())),
    });
  }

  @Post()
  @v1Operation({
    summary: 'Open a client account',
    permissions: ['client.build'],
    isScoped: false,
    status: 201,
    example: created('/clients/0123456789abcdef0123456789abcdef'),
    refuses: ['external_id_in_use'],
  })
  async create(@Req() request: ApiRequest, @Body() body: CreateClientBody): Promise<Success> {
    const client = newId();
    const ids = { parent_id: callerOf(request).account, all_users_group_id: newId() };
    await this.door.send(request, client, body.toCommand(ids));
    return created(`/clients/${client}`);
  }

  /** X91: what is in a client is for those who reach it; the client itself is a fact of its company. */
  private async associations(request: ApiRequest, at: Moment, room: Room): Promise<object> {
    const { account: client } = at;
    if (!this.door.scopes.reaches(request, client)) return {};
    const company = this.door.scopes.home(request);
    const users = await this.door.embed(room, (page) => new ListUsers(at, {}, page));
    const groups = await this.door.embed(room, (page) => new ListGroups(at, undefined, page));
    const shares = await this.door.embed(room, (page) => new ListShareRights(company, client, page));
    return {
      ...embedded('users', users, userRow, `/users?client_id=${client}`),
      ...embedded('groups', groups, groupRow, `/groups?client_id=${client}`),
      ...embedded('share_rights', shares, shareRow, `/clients/${client}/share-rights`),
    };
  }
}
