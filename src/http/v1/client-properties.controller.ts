import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { DeleteClientProperty, SetClientProperties } from '../../domain/client-properties.js';
import { GetClientProperties } from '../../read/client-properties.js';
import { Commands } from '../door/commands.js';
import { IsPropertyMap } from '../wire/fields/map.js';
import { mapExample } from '../openapi/example-schema.js';
import { PathId } from '../door/path-id.js';
import { PropertyQuery } from '../wire/property-query.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { answer, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class ClientPropertiesBody {
  @ApiProperty({ example: { region: 'Nord' } })
  @IsPropertyMap()
  properties!: Record<string, string>;
}

const refuses = ['client_not_found', 'missing_id'] as const;

/** Properties that the clients of a company have: the same names for all, values of their own. */
@V1('clients/:clientId/properties')
export class ClientPropertiesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the properties of a client',
    description: 'Every property that the clients of the company have; "" where this client has no value.',
    permissions: ['client.access'],
    isScoped: false,
    example: answer({ properties: mapExample({ region: 'Nord' }) }),
    refuses,
  })
  async get(@Req() request: ApiRequest, @Param('clientId', PathId) clientId: string): Promise<Success> {
    const at = this.scopes.companyOf(request, clientId);
    return answer({ properties: await this.queries.ask(new GetClientProperties(at, clientId)) });
  }

  @Put()
  @v1Operation({
    summary: 'Set properties of a client',
    description:
      'Properties that are not sent stay. One that is new exists for every client of the company from then on; ' +
      'its value is set for this client only.',
    permissions: ['client.edit'],
    isScoped: false,
    example: answer({}),
    refuses,
  })
  async set(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) client_id: string,
    @Body() { properties }: ClientPropertiesBody,
  ): Promise<Success> {
    const { account: company } = this.scopes.companyOf(request, client_id);
    await this.commands.send(
      request,
      new SetClientProperties(company, { client_id, properties }, metaOf(request)),
    );
    return answer({});
  }

  @Delete()
  @v1Operation({
    summary: 'Delete a property of all clients',
    description: 'The property and its values are gone for every client of the company.',
    permissions: ['client.edit'],
    isScoped: false,
    example: answer({}),
    refuses: [...refuses, 'property_not_found'],
  })
  async delete(
    @Req() request: ApiRequest,
    @Param('clientId', PathId) client_id: string,
    @Query() { name }: PropertyQuery,
  ): Promise<Success> {
    const { account: company } = this.scopes.companyOf(request, client_id);
    await this.commands.send(
      request,
      new DeleteClientProperty(company, { client_id, name }, metaOf(request)),
    );
    return answer({});
  }
}
