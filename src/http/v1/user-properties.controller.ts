import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { DeleteUserProperty } from '../../domain/user-properties.js';
import { GetUserProperties } from '../../read/user-properties.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { PropertiesBody } from '../wire/properties.js';
import { PropertyQuery } from '../wire/property-query.js';
import { answer, type Success } from './envelope.js';
import { propertiesExample } from './user-associations.js';

const refuses = ['user_not_found', 'missing_user_id'] as const;

/** Properties that the users of an account have: the same names for all, values of one's own. */
@V1('users/:userId/properties')
export class UserPropertiesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'Get the properties of a user',
    past: 'as_of',
    description: 'Every property that the users of the account have; "" where this user has no value.',
    permissions: ['user.manage'],
    example: answer({ properties: propertiesExample }),
    refuses,
  })
  async get(@Req() request: ApiRequest, @Param('userId', PathId) userId: string): Promise<Success> {
    const properties = await this.door.read(request, (at) => new GetUserProperties(at, userId));
    return answer({ properties });
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
    @Body() body: PropertiesBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ user_id }));
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
    const data = { user_id, name };
    await this.door.write(request, undefined, (account, meta) => new DeleteUserProperty(account, data, meta));
    return answer({});
  }
}
