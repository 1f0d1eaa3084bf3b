import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { newId } from '../../application/secrets.js';
import { DeleteGroup } from '../../domain/group.js';
import { GetAccount } from '../../read/account.js';
import { GetGroup } from '../../read/group.js';
import { ListGroups } from '../../read/groups.js';
import { ListMembers } from '../../read/members.js';
import type { Moment } from '../../read/moment.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import type { Room } from '../door/room.js';
import { V1, v1Operation } from './operation.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsQueryText } from '../wire/fields/text.js';
import { CreateGroupBody, UpdateGroupBody } from '../wire/groups.js';
import { FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { answer, created, cutNote, done, embedded, list, listExample, type Success } from './envelope.js';
import { groupDetail, groupDetailExample, groupExample, groupRow } from './group.js';
import { linkWithin } from './link.js';
import { memberExample, memberRow } from './user.js';

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

/** Groups of a company or client account. */
@V1('groups')
export class GroupsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the groups',
    large: 'with associations',
    past: 'as_of',
    description: `\`members\` are there with \`full\` and \`external_id\`. ${cutNote}`,
    example: listExample('groups', { ...groupExample, members: [memberExample] }),
  })
  async list(@Req() request: ApiRequest, @Query() query: GroupListQuery): Promise<Success> {
    const at = this.door.at(request);
    const { external_id } = query;
    const page = await this.door.ask(new ListGroups(at, external_id, pageOf(query)));
    if (external_id === undefined || !flag(query.full)) return list('groups', page, groupRow);
    const room = this.door.room();
    const rows: object[] = [];
    for (const group of page.rows)
      rows.push({ ...groupRow(group), ...(await this.members(request, at, group.id, room)) });
    return list('groups', { rows, total: page.total }, (row) => row);
  }

  @Get(':groupId')
  @v1Operation({
    summary: 'Get a group',
    large: 'with associations',
    past: 'as_of',
    description: cutNote,
    permissions: ['user.manage'],
    example: answer(groupDetailExample),
    refuses: ['group_not_found', 'missing_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.door.at(request);
    const group = await this.door.ask(new GetGroup(at, groupId));
    const { name: company } = await this.door.ask(new GetAccount(at));
    const members = isFull(query) ? await this.members(request, at, groupId, this.door.room()) : {};
    return answer({ ...groupDetail(group, company), ...members });
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
    const group_id = newId();
    await this.door.write(request, body, body.toCommand({ group_id }));
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
    await this.door.write(request, body, body.toCommand({ group_id }));
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
    await this.door.write(
      request,
      undefined,
      (account, meta) => new DeleteGroup(account, { group_id }, meta),
    );
    return done;
  }

  private async members(request: ApiRequest, at: Moment, groupId: string, room: Room): Promise<object> {
    const members = await this.door.embed(room, (page) => new ListMembers(at, groupId, page));
    return embedded('members', members, memberRow, linkWithin(request)(`/groups/${groupId}/users`));
  }
}
