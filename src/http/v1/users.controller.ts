import { Body, Delete, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { Clock } from '../../application/clock.js';
import { hashPassword, newId } from '../../application/secrets.js';
import { Rejection } from '../../domain/rejection.js';
import { CreateUser, UpdateUser } from '../../domain/user.js';
import { DeleteUser } from '../../domain/user-deletion.js';
import { GetAccount } from '../../read/account.js';
import { type AssociationKind, ListAssociations, type UserAssociations } from '../../read/associations.js';
import { GetUser } from '../../read/user.js';
import { ListUsers } from '../../read/users.js';
import { Commands } from '../door/commands.js';
import { flag, IsFlag } from '../wire/fields/flag.js';
import { IsExternalId, IsIdList } from '../wire/fields/id.js';
import { IsName } from '../wire/fields/name.js';
import { MayBeAbsent, MayBeNull } from '../wire/fields/presence.js';
import { IsAddress, IsPassword } from '../wire/fields/sign-in.js';
import { IsQueryText } from '../wire/fields/text.js';
import { REPEATABLE } from '../wire/fields/use.js';
import { FullQuery, isFull, pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, created, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { tabsAndPropertiesExample } from './user-associations.js';
import { userDetail, userExample, userGroupExample, userRow, userRowExample } from './user.js';

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

class CreateUserBody extends ClientChoice {
  @ApiProperty({ example: 'Jane' })
  @IsName()
  first_name!: string;

  @ApiProperty({ example: 'Doe' })
  @IsName()
  last_name!: string;

  @ApiProperty({ example: 'jane.doe@example.com' })
  @IsAddress()
  email!: string;

  @ApiProperty({ type: [String], example: ['a0000000000000000000000000000002'] })
  @IsIdList()
  roles!: string[];

  @ApiPropertyOptional({ example: 'tempPassword' })
  @MayBeNull()
  @IsPassword()
  password?: string | null;

  @ApiPropertyOptional({ type: String, example: 'hr-17', nullable: true })
  @MayBeNull()
  @IsExternalId()
  external_id?: string | null;

  @ApiPropertyOptional({ type: Boolean, description: 'As in the query, which wins' })
  @MayBeNull()
  @IsFlag()
  send_email?: boolean | string;
}

class UpdateUserBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Janet' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  first_name?: string;

  @ApiPropertyOptional({ example: 'Doe' })
  @MayBeAbsent()
  @IsName(REPEATABLE)
  last_name?: string;

  @ApiPropertyOptional({ example: 'janet.doe@example.com' })
  @MayBeAbsent()
  @IsAddress(REPEATABLE)
  email?: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'null or an empty text clears it' })
  @MayBeAbsent()
  @IsExternalId(REPEATABLE)
  external_id?: string | null;
}

const conflicts = ['email_in_use', 'external_id_in_use', 'permission_escalation', 'invalid_email'] as const;
const fullExample = {
  ...tabsAndPropertiesExample,
  groups: [{ id: userGroupExample.id, name: userGroupExample.name }],
  roles: ['a0000000000000000000000000000002'],
};

/** Users of a company or client account. */
@V1('users')
export class UsersController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the users',
    description: 'Roles, groups, tab instances and properties are there for who asks for them.',
    example: list('users', { rows: [{ ...userRowExample, ...fullExample }], total: 1 }, (row) => row),
  })
  async list(@Req() request: ApiRequest, @Query() query: UserListQuery): Promise<Success> {
    const at = this.scopes.of(request);
    const { email, external_id } = query;
    const page = await this.queries.ask(new ListUsers(at, { email, external_id }, pageOf(query)));
    const kinds: AssociationKind[] = [];
    if (flag(query.include_roles)) kinds.push('roles');
    if (flag(query.include_groups)) kinds.push('groups');
    if (flag(query.full) && external_id !== undefined) kinds.push('tab_instances', 'properties');
    const ids = page.rows.map(({ id }) => id);
    const associated = kinds.length > 0 ? await this.queries.ask(new ListAssociations(at, ids, kinds)) : [];
    const rows = page.rows.map((user, place) => ({ ...userRow(user), ...shape(associated[place]) }));
    return list('users', { rows, total: page.total }, (row) => row);
  }

  @Get(':userId')
  @v1Operation({
    summary: 'Get a user',
    permissions: ['user.manage'],
    example: answer({ ...userExample, ...fullExample }),
    refuses: ['user_not_found', 'missing_user_id'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: FullQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const user = await this.queries.ask(new GetUser(at, userId));
    const { name } = await this.queries.ask(new GetAccount(at));
    const detail = userDetail(user, name, this.clock.timestamp());
    if (!isFull(query)) return answer(detail);
    const [associations] = await this.queries.ask(new ListAssociations(at, [userId], everyKind));
    return answer({ ...detail, ...shape(associations) });
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
    @Query() query: CreateUserQuery,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, body);
    const { first_name, last_name, email, roles, password, external_id } = body;
    const user_id = newId();
    const password_hash = typeof password === 'string' ? await hashPassword(password) : null;
    const mail_id = flag(query.send_email ?? body.send_email) ? newId() : undefined;
    const facts = { user_id, first_name, last_name, email, external_id: external_id || null };
    const data = { ...facts, password_hash, roles, mail_id };
    await this.commands.send(request, new CreateUser(account, data, metaOf(request)));
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
    const { account } = this.scopes.of(request, body);
    const { first_name, last_name, email } = body;
    const external_id = body.external_id === '' ? null : body.external_id;
    const data = { user_id, first_name, last_name, email, external_id };
    await this.commands.send(request, new UpdateUser(account, data, metaOf(request)));
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
    await this.commands.send(
      request,
      new DeleteUser(this.scopes.of(request).account, { user_id }, metaOf(request)),
    );
    return answer({});
  }

  @Delete()
  @v1Operation({
    summary: 'Says that an id is missing',
    permissions: ['user.manage'],
    refuses: ['missing_id'],
  })
  deleteNobody(): never {
    throw new Rejection('missing_id');
  }
}

const everyKind = ['tab_instances', 'properties', 'groups', 'roles'] as const;

/** The associations that were asked for, groups by id and name. */
function shape({ groups, ...rest }: UserAssociations = {}): object {
  return groups ? { ...rest, groups: groups.map(({ id, name }) => ({ id, name })) } : rest;
}
