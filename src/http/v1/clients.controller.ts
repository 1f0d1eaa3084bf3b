import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { newId } from '../../application/secrets.js';
import { type ClientStatus, clientStatuses } from '../../domain/client-status.js';
import { OpenClient } from '../../domain/client.js';
import { type ClientView, GetClient } from '../../read/client.js';
import { ListClients } from '../../read/clients.js';
import type { Moment } from '../../read/moment.js';
import { GetClientSettings } from '../../read/client-settings.js';
import { ListShareRights } from '../../read/share-rights.js';
import { ListGroups } from '../../read/groups.js';
import { ListUsers } from '../../read/users.js';
import { Commands } from '../door/commands.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsExternalId } from '../wire/fields/id.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { IsAmount } from '../wire/fields/resource.js';
import { IsDescription, IsQueryText } from '../wire/fields/text.js';
import { everything, FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, callerOf, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { answer, created, list, type Success } from './envelope.js';
import { settingsExample } from './client-settings.controller.js';
import { shareExample } from './client-shares.controller.js';
import { V1, v1Operation } from './operation.js';
import { seconds, shown, userGroupExample, userRow, userRowExample } from './user.js';

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

class CreateClientBody {
  @ApiProperty({ example: 'Acme' })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ example: 'Since 2019' })
  @MayBeNull()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ enum: clientStatuses, default: 'active' })
  @MayBeAbsent()
  @IsIn(clientStatuses)
  status?: ClientStatus;

  @ApiPropertyOptional({ description: 'How many users it may have, -1 for any number', default: -1 })
  @MayBeNull()
  @IsAmount()
  seats?: number | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @MayBeNull()
  @IsName()
  custom_theme?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'crm-4711' })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;
}

const rowExample = {
  ...{ id: '0123456789abcdef0123456789abcdef', name: 'Acme', description: 'Since 2019', status: 'active' },
  ...{ seats: -1, last_sign_in: null, external_id: 'crm-4711', custom_theme: 'dark' },
};

const associationsExample = {
  users: [userRowExample],
  groups: [userGroupExample],
  share_rights: [shareExample],
};

const detailExample = {
  ...{ ...rowExample, trial_ends: '2016-07-01T18:12:06Z' },
  ...{ direct_billing: true, settings: settingsExample, ...associationsExample },
};

/** Client accounts of a company. */
@V1('clients')
export class ClientsController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the client accounts',
    description:
      '`users`, `groups` and `share_rights` are there with `full` and `external_id`, of clients that the caller reaches.',
    permissions: ['client.access'],
    isScoped: false,
    example: list('clients', { rows: [{ ...rowExample, ...associationsExample }], total: 1 }, (row) => row),
  })
  async list(@Req() request: ApiRequest, @Query() query: ClientListQuery): Promise<Success> {
    const { account } = this.scopes.home(request);
    const { external_id, status } = query;
    const page = await this.queries.ask(new ListClients(account, { external_id, status }, pageOf(query)));
    const isFullList = external_id !== undefined && flag(query.full);
    const rows = await Promise.all(
      page.rows.map(async (client) => {
        const at = this.scopes.at(request, { account: client.id, revision: client.revision });
        return { ...clientRow(client), ...(isFullList ? await this.associations(request, at) : {}) };
      }),
    );
    return list('clients', { rows, total: page.total }, (row) => row);
  }

  @Get(':clientId')
  @v1Operation({
    summary: 'Get a client account',
    description:
      '`trial_ends` is there when the trial was extended. `full` adds `settings`, `direct_billing` when it is enabled, ' +
      'and to a caller who reaches the client `users`, `groups` and `share_rights`.',
    permissions: ['client.access'],
    isScoped: false,
    example: answer(detailExample),
    refuses: ['client_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) clientId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.scopes.clientOf(request, clientId);
    const client = await this.queries.ask(new GetClient(at));
    const detail = { ...clientRow(client), ...trial(client) };
    if (!isFull(query)) return answer(detail);
    const settings = await this.queries.ask(new GetClientSettings(at));
    const billing = client.direct_billing ? { direct_billing: true } : {};
    return answer({ ...detail, ...billing, settings, ...(await this.associations(request, at)) });
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
    const { name, description, status, seats, custom_theme, external_id } = body;
    const client = newId();
    const facts = { name, description: description ?? '', status: status ?? 'active', seats: seats ?? -1 };
    const data = {
      ...{ parent_id: callerOf(request).account, ...facts, external_id: external_id || null },
      ...{ custom_theme: custom_theme ?? null, all_users_group_id: newId() },
    };
    await this.commands.send(request, new OpenClient(client, data, metaOf(request)));
    return created(`/clients/${client}`);
  }

  /** X91: what is in a client is for those who reach it; the client itself is a fact of its company. */
  private async associations(request: ApiRequest, at: Moment): Promise<object> {
    const { account: client } = at;
    if (!this.scopes.reaches(request, client)) return {};
    const company = this.scopes.home(request);
    const users = await this.queries.ask(new ListUsers(at, {}, everything));
    const groups = await this.queries.ask(new ListGroups(at, undefined, everything));
    const shares = await this.queries.ask(new ListShareRights(company, client, everything));
    return {
      users: users.rows.map(userRow),
      groups: groups.rows.map(({ id, name, description }) => ({ id, name, description })),
      share_rights: shares.rows,
    };
  }
}

function clientRow(client: ClientView): object {
  const { id, name, description, status, seats, external_id, custom_theme } = client;
  const last_sign_in = client.last_sign_in && seconds(client.last_sign_in);
  const theme = custom_theme === null ? {} : { custom_theme };
  return { id, name, description, status, seats, last_sign_in, ...shown(external_id), ...theme };
}

function trial({ trial_ends }: ClientView): object {
  return trial_ends === null ? {} : { trial_ends: seconds(trial_ends) };
}
