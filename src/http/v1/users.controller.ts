import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { newId } from '../../application/secrets.js';
import { DeleteUser } from '../../domain/user-deletion.js';
import { GetAccount } from '../../read/account.js';
import type { AssociationKind } from '../../read/associations.js';
import { GetUser } from '../../read/user.js';
import { ListUsers } from '../../read/users.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsQueryText } from '../wire/fields/text.js';
import { FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { CreateUserBody, UpdateUserBody } from '../wire/users.js';
import { answer, created, cutNote, list, listExample, type Success } from './envelope.js';
import { linkWithin } from './link.js';
import { LacksId } from './lacks-id.js';
import { associationsExample, associationsOf } from './user-associations.js';
import { userDetail, userExample, userRow, userRowExample } from './user.js';

class UserListQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'Only the user with this address, letter case and the form of its domain aside',
  })
  @IsOptional()
  @IsQueryText()
  email?: string;

  @ApiPropertyOptional({ description: 'Only the user with this external id' })
  @IsOptional()
  @IsQueryText()
  external_id?: string;

  @ApiPropertyOptional({ description: 'With external_id: include tab_instances and properties' })
  @IsOptional()
  @IsFlag()
  full?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  include_roles?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  include_groups?: string;

  /** The associations it asks for. */
  kinds(): AssociationKind[] {
    const isFullOfOne = flag(this.full) && this.external_id !== undefined;
    return [
      ...(flag(this.include_roles) ? (['roles'] as const) : []),
      ...(flag(this.include_groups) ? (['groups'] as const) : []),
      ...(isFullOfOne ? (['tab_instances', 'properties'] as const) : []),
    ];
  }
}

class CreateUserQuery {
  @ApiPropertyOptional({
    description: 'Whether to send a welcome mail, which has a link to set a password',
    enum: ['true', 'false'],
  })
  @IsOptional()
  @IsFlag()
  send_email?: string;
}

const conflicts = ['email_in_use', 'external_id_in_use', 'permission_escalation', 'invalid_email'] as const;

/** Users of a company or client account. */
@V1('users')
@LacksId({
  ...{ code: 'missing_id', what: 'an id', permission: 'user.manage' },
  routes: { deleteNobody: Delete },
})
export class UsersController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the users',
    large: 'with associations',
    past: 'as_of',
    description: `Roles, groups, tab instances and properties are there for who asks for them. ${cutNote}`,
    example: listExample('users', { ...userRowExample, ...associationsExample }),
  })
  async list(@Req() request: ApiRequest, @Query() query: UserListQuery): Promise<Success> {
    const at = this.door.at(request);
    const { email, external_id } = query;
    const page = await this.door.ask(new ListUsers(at, { email, external_id }, pageOf(query)));
    const kinds = query.kinds();
    if (kinds.length === 0) return list('users', page, userRow);
    const ids = page.rows.map(({ id }) => id);
    const found = await associationsOf(this.door, ids, { at, kinds, link: linkWithin(request) });
    const rows = page.rows.map((user, place) => ({ ...userRow(user), ...found[place] }));
    return list('users', { rows, total: page.total }, (row) => row);
  }

  @Get(':userId')
  @v1Operation({
    summary: 'Get a user',
    large: 'with associations',
    past: 'as_of',
    description: cutNote,
    permissions: ['user.manage'],
    example: answer({ ...userExample, ...associationsExample }),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.door.at(request);
    const user = await this.door.ask(new GetUser(at, userId));
    const { name } = await this.door.ask(new GetAccount(at));
    const detail = userDetail(user, name, this.door.scopes.timeOf(request));
    if (!isFull(query)) return answer(detail);
    const kinds = ['tab_instances', 'properties', 'groups', 'roles'] as const;
    const [found] = await associationsOf(this.door, [userId], { at, kinds, link: linkWithin(request) });
    return answer({ ...detail, ...found });
  }

  @Post()
  @v1Operation({
    summary: 'Create a user',
    permissions: ['user.manage'],
    status: 201,
    example: { ...created('/users/c17db511dbc00421d0a093fc8c236064'), data: {} },
    refuses: ['invalid_role', 'seat_limit', ...conflicts],
  })
  async create(
    @Req() request: ApiRequest,
    @Body() body: CreateUserBody,
    @Query() { send_email }: CreateUserQuery,
  ): Promise<Success> {
    const user_id = newId();
    const mail_id = flag(send_email ?? body.send_email) ? newId() : undefined;
    const { email, password } = body;
    const draft = (password_hash: string | null) => body.toCommand({ user_id, mail_id, password_hash });
    if (typeof password === 'string')
      await this.door.writePassword(request, body, { email, password }, draft);
    else await this.door.write(request, body, draft(null));
    return { ...created(`/users/${user_id}`), data: {} };
  }

  @Put(':userId')
  @v1Operation({
    summary: 'Update a user',
    description: 'Only the fields that are sent change.',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: ['user_not_found', 'missing_user_id', ...conflicts],
  })
  async update(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() body: UpdateUserBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ user_id }));
    return answer({});
  }

  @Delete(':userId')
  @v1Operation({
    summary: 'Delete a user',
    description: 'Memberships, roles and keys of the user end with it.',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: [
      ...(['user_not_found', 'missing_user_id', 'cannot_delete_self', 'cannot_delete_super_admin'] as const),
      ...(['cannot_delete_technical_contact', 'cannot_delete_business_contact'] as const),
      'admin_role_requires_user',
    ],
  })
  async delete(@Req() request: ApiRequest, @Param('userId', PathId) user_id: string): Promise<Success> {
    await this.door.write(request, undefined, (account, meta) => new DeleteUser(account, { user_id }, meta));
    return answer({});
  }
}
