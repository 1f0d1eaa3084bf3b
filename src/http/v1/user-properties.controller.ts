import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { DeleteUserProperty, SetUserProperties } from '../../domain/user-properties.js';
import { GetUserProperties } from '../../read/user-properties.js';
import { Commands } from '../door/commands.js';
import { IsPropertyMap } from '../wire/fields/map.js';
import { PathId } from '../door/path-id.js';
import { PropertyQuery } from '../wire/property-query.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { propertiesExample } from './user-associations.js';

class PropertiesBody extends ClientChoice {
  @ApiProperty({ example: { department: 'Sales' } })
  @IsPropertyMap()
  properties!: Record<string, string>;
}

const refuses = ['user_not_found', 'missing_user_id'] as const;

/** Properties that the users of an account have: the same names for all, values of one's own. */
@V1('users/:userId/properties')
export class UserPropertiesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the properties of a user',
    description: 'Every property that the users of the account have; "" where this user has no value.',
    permissions: ['user.manage'],
    example: answer({ properties: propertiesExample }),
    refuses,
  })
  async get(@Req() request: ApiRequest, @Param('userId', PathId) userId: string): Promise<Success> {
    const at = this.scopes.of(request);
    return answer({ properties: await this.queries.ask(new GetUserProperties(at, userId)) });
  }

  @Put()
  @v1Operation({
    summary: 'Set properties of a user',
    description:
      'Properties that are not sent stay. One that is new exists for every user of the account from then on; ' +
      'its value is set for this user only.',
    permissions: ['user.manage'],
    example: answer({}),
    refuses,
  })
  async set(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() { properties, client_id }: PropertiesBody,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, { client_id });
    await this.commands.send(
      request,
      new SetUserProperties(account, { user_id, properties }, metaOf(request)),
    );
    return answer({});
  }

  @Delete()
  @v1Operation({
    summary: 'Delete a property of all users',
    description: 'The property and its values are gone for every user of the account.',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: [...refuses, 'property_not_found'],
  })
  async delete(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Query() { name }: PropertyQuery,
  ): Promise<Success> {
    const { account } = this.scopes.of(request);
    await this.commands.send(request, new DeleteUserProperty(account, { user_id, name }, metaOf(request)));
    return answer({});
  }
}
