import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { newId } from '../../application/secrets.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../domain/group.js';
import { GetAccount } from '../../read/account.js';
import { GetGroup } from '../../read/group.js';
import { ListGroups } from '../../read/groups.js';
import { ListMembers } from '../../read/members.js';
import type { Moment } from '../../read/moment.js';
import { Commands } from '../door/commands.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsExternalId } from '../wire/fields/id.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { descriptionOf, IsDescription, IsQueryText } from '../wire/fields/text.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { everything, FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, created, done, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { shown } from './user.js';

class GroupListQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only the group with this external id' })
  @IsOptional()
  @IsQueryText()
  external_id?: string;

  @ApiPropertyOptional({ description: 'With external_id: include the members', enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  full?: string;
}

class CreateGroupBody extends ClientChoice {
  @ApiProperty({ example: 'New Group' })
  @IsName()
  name!: string;

  @ApiPropertyOptional({ example: 'A brand new group' })
  @MayBeNull()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: String, example: 'group_api', nullable: true })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;
}

class UpdateGroupBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Managers' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  name?: string;

  @ApiPropertyOptional({ example: 'Updated description' })
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;
}

const rowExample = {
  id: '2e21abc434a5169f9890576ec4d8e333',
  name: 'Internal',
  description: 'For access to client accounts',
};
const memberExample = { id: 'c17db511dbc00421d0a093fc8c236064', full_name: 'Jane Doe', can_edit: false };
const { id, ...factsExample } = rowExample;
const detailExample = {
  ...{ id, external_id: 'group_api', company: 'My Company', ...factsExample },
  ...{ num_members: 1, members: [memberExample] },
};

/** Groups of a company or client account. */
@V1('groups')
export class GroupsController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the groups',
    description: '`members` are there with `full` and `external_id`.',
    example: list('groups', { rows: [{ ...rowExample, members: [memberExample] }], total: 1 }, (row) => row),
  })
  async list(@Req() request: ApiRequest, @Query() query: GroupListQuery): Promise<Success> {
    const at = this.scopes.of(request);
    const { external_id } = query;
    const page = await this.queries.ask(new ListGroups(at, external_id, pageOf(query)));
    const isFullList = external_id !== undefined && flag(query.full);
    const rows = await Promise.all(
      page.rows.map(async ({ id, name, description }) => ({
        ...{ id, name, description },
        ...(isFullList ? { members: await this.members(at, id) } : {}),
      })),
    );
    return list('groups', { rows, total: page.total }, (row) => row);
  }

  @Get(':groupId')
  @v1Operation({
    summary: 'Get a group',
    permissions: ['user.manage'],
    example: answer(detailExample),
    refuses: ['group_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const group = await this.queries.ask(new GetGroup(at, groupId));
    const { name: company } = await this.queries.ask(new GetAccount(at));
    const { id, external_id, name, description, num_members } = group;
    const members = isFull(query) ? { members: await this.members(at, id) } : {};
    return answer({ id, ...shown(external_id), company, name, description, num_members, ...members });
  }

  @Post()
  @v1Operation({
    summary: 'Create a group',
    permissions: ['user.manage'],
    status: 201,
    example: created('/groups/0932d8270fb840f102d542331f200aca'),
    refuses: ['external_id_in_use'],
  })
  async create(@Req() request: ApiRequest, @Body() body: CreateGroupBody): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const { name, description, external_id } = body;
    const group_id = newId();
    const facts = { name, description: description ?? '', external_id: external_id || null, permissions: [] };
    await this.commands.send(request, new CreateGroup(account, { group_id, ...facts }, metaOf(request)));
    return created(`/groups/${group_id}`);
  }

  @Put(':groupId')
  @v1Operation({
    summary: 'Update a group',
    description: 'Only the fields that are sent change.',
    permissions: ['user.manage'],
    example: done,
    refuses: ['group_not_found', 'missing_id', 'built_in_group', 'external_id_in_use'],
  })
  async update(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) group_id: string,
    @Body() body: UpdateGroupBody,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const { name } = body;
    const description = descriptionOf(body.description);
    const external_id = body.external_id === '' ? null : body.external_id;
    const data = { group_id, name, description, external_id };
    await this.commands.send(request, new UpdateGroup(account, data, metaOf(request)));
    return done;
  }

  @Delete(':groupId')
  @v1Operation({
    summary: 'Delete a group',
    description: 'Its members stay users.',
    permissions: ['user.manage'],
    example: done,
    refuses: ['group_not_found', 'missing_id', 'built_in_group'],
  })
  async delete(@Req() request: ApiRequest, @Param('groupId', PathId) group_id: string): Promise<Success> {
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new DeleteGroup(account, { group_id }, metaOf(request)));
    return done;
  }

  private async members(at: Moment, groupId: string): Promise<object[]> {
    const { rows } = await this.queries.ask(new ListMembers(at, groupId, everything));
    return rows.map(({ id, first_name, last_name, can_edit }) => ({
      ...{ id, full_name: `${first_name} ${last_name}`, can_edit },
    }));
  }
}
