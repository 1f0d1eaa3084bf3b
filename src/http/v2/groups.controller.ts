import { Body, Delete, Get, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Outcome } from '../../application/outcome.js';
import { newId } from '../../application/secrets.js';
import { DeleteGroup } from '../../domain/group.js';
import { GetGroup, type GroupView } from '../../read/group.js';
import { type ListedGroup, ListGroups } from '../../read/groups.js';
import { ListPermissionsOfGroups } from '../../read/permissions-of-groups.js';
import { known } from '../door/commands.js';
import { Door } from '../door/door.js';
import { CreateUserGroupBody, UpdateUserGroupBody } from '../wire/groups.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import type { ApiRequest } from '../door/request.js';
import { V2, v2Operation } from './operation.js';
import { rowsOf } from './page.js';

const example: GroupView = {
  id: '2e21abc434a5169f9890576ec4d8e333',
  name: 'Administrators',
  description: '',
  external_id: null,
  permissions: ['accounts.create', 'accounts.read'],
  built_in: false,
  num_members: 0,
};
const updateOptions = {
  permissions: ['user.manage'],
  description: 'Only the fields that are sent change; PUT and PATCH do the same.',
  example,
  refuses: ['group_not_found', 'built_in_group', 'permission_escalation', 'external_id_in_use'],
} as const;

/** How many bytes of permissions a page of groups has at most. */
const MOST_PERMISSION_BYTES = 4 * 1024 * 1024;

/** Groups and their permissions. */
@V2('groups')
export class GroupsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v2Operation({
    summary: 'List the groups',
    large: 'always',
    past: 'as_of',
    permissions: ['user.manage', 'user.view', 'group.view'],
    description:
      'Of permissions a page has 4 MB at most. In place of a list that is beyond that it has null, and ' +
      '`permissions_total` says how long the list is: GET the group itself.',
    example: [example],
  })
  async list(
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: PageQuery,
  ): Promise<readonly object[]> {
    const at = this.door.at(request);
    const page = await this.door.ask(new ListGroups(at, undefined, pageOf(query)));
    const fitting = withinBytes(page.rows, MOST_PERMISSION_BYTES);
    const lists = fitting.length > 0 ? await this.door.ask(new ListPermissionsOfGroups(at, fitting)) : [];
    const permissions = new Map(lists.map((one) => [one.id, one.permissions]));
    return rowsOf(reply, page).map((group) => listed(group, permissions.get(group.id)));
  }

  @Get(':groupId')
  @v2Operation({
    summary: 'Get a group',
    past: 'as_of',
    permissions: ['user.manage', 'user.view', 'group.view'],
    example,
    refuses: ['group_not_found'],
  })
  async get(@Req() request: ApiRequest, @Param('groupId') groupId: string): Promise<object> {
    return shape(await this.door.read(request, (at) => new GetGroup(at, groupId)));
  }

  @Post()
  @v2Operation({
    summary: 'Create a group',
    permissions: ['user.manage'],
    status: 201,
    example,
    refuses: ['permission_escalation', 'external_id_in_use'],
  })
  async create(@Req() request: ApiRequest, @Body() body: CreateUserGroupBody): Promise<object> {
    return shapeAfter(await this.door.write(request, body, body.toCommand({ group_id: newId() })));
  }

  @Put(':groupId')
  @v2Operation({ summary: 'Update a group', ...updateOptions })
  async update(
    @Req() request: ApiRequest,
    @Param('groupId') group_id: string,
    @Body() body: UpdateUserGroupBody,
  ): Promise<object> {
    return shapeAfter(await this.door.write(request, body, body.toCommand({ group_id })));
  }

  @Patch(':groupId')
  @v2Operation({ summary: 'Update a group', ...updateOptions })
  patch(
    @Req() request: ApiRequest,
    @Param('groupId') groupId: string,
    @Body() body: UpdateUserGroupBody,
  ): Promise<object> {
    return this.update(request, groupId, body);
  }

  @Delete(':groupId')
  @v2Operation({
    summary: 'Delete a group',
    permissions: ['user.manage'],
    description: 'Its members stay users and keep their individual permissions.',
    status: 204,
    refuses: ['group_not_found', 'built_in_group'],
  })
  async delete(@Req() request: ApiRequest, @Param('groupId') group_id: string): Promise<void> {
    await this.door.write(
      request,
      undefined,
      (account, meta) => new DeleteGroup(account, { group_id }, meta),
    );
  }
}

/** The ids of the groups that have permissions, as many of the first as have so many bytes of them. */
function withinBytes(groups: readonly ListedGroup[], most: number): readonly string[] {
  let bytes = 0;
  return groups
    .filter(({ permissions_total, permissions_bytes }) => {
      bytes += permissions_bytes;
      return permissions_total > 0 && bytes <= most;
    })
    .map(({ id }) => id);
}

function listed(group: ListedGroup, permissions: readonly string[] | undefined): object {
  const { permissions_total } = group;
  const isCut = permissions === undefined && permissions_total > 0;
  const shown = shape({ ...group, permissions: permissions ?? [] });
  return isCut ? { ...shown, permissions: null, permissions_total } : shown;
}

/** The group as the command left it; the view may be further already. */
function shapeAfter({ after: { group, num_members } }: Outcome): GroupView {
  return shape({ ...known(group), num_members });
}

function shape({
  id,
  name,
  description,
  external_id,
  permissions,
  built_in,
  num_members,
}: GroupView): GroupView {
  return { id, name, description, external_id, permissions, built_in, num_members };
}
