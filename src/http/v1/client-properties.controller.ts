import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { DeleteClientProperty } from '../../domain/client-properties.js';
import { GetClientProperties } from '../../read/client-properties.js';
import type { Moment } from '../../read/moment.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { mapExample } from '../openapi/example-schema.js';
import { V1, v1Operation } from './operation.js';
import { ClientPropertiesBody } from '../wire/properties.js';
import { PropertyQuery } from '../wire/property-query.js';
import { answer, type Success } from './envelope.js';

const refuses = ['client_not_found', 'missing_id'] as const;

/** Properties that the clients of a company have: the same names for all, values of their own. */
@V1('clients/:clientId/properties')
export class ClientPropertiesController {
  constructor(private readonly door: Door) {}

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
    const ask = (at: Moment) => new GetClientProperties(at, clientId);
    return answer({ properties: await this.door.readCompany(request, clientId, ask) });
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
    @Body() body: ClientPropertiesBody,
  ): Promise<Success> {
    await this.door.writeCompany(request, client_id, body.toCommand({ client_id }));
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
    const data = { client_id, name };
    await this.door.writeCompany(
      request,
      client_id,
      (company, meta) => new DeleteClientProperty(company, data, meta),
    );
    return answer({});
  }
}
