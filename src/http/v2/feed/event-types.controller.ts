import { Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Rejection } from '../../../domain/rejection.js';
import { type EventType, eventTypeOf, eventTypes } from '../../../feed/event-types.js';
import { openExample } from '../../openapi/example-schema.js';
import { pageOf, PageQuery } from '../../wire/paging.js';
import { V2, v2Operation } from '../operation.js';
import { rowsOf } from '../page.js';

const schema = openExample<Readonly<Record<string, unknown>>>(
  { ...eventTypeOf('GroupRenamed', 1)?.schema },
  'properties',
);
const example: EventType = openExample({ type: 'GroupRenamed', version: 1, schema }, 'schema');

/** What the data of events look like. */
@V2('event-types')
export class EventTypesController {
  @Get()
  @v2Operation({
    summary: 'List the types of events, each with the JSON Schema of its data',
    example: [example],
    isScoped: false,
  })
  list(@Res({ passthrough: true }) reply: FastifyReply, @Query() query: PageQuery): readonly EventType[] {
    const { limit, offset } = pageOf(query);
    return rowsOf(reply, { rows: eventTypes.slice(offset, offset + limit), total: eventTypes.length });
  }

  @Get(':type/:version')
  @v2Operation({
    summary: 'Get the JSON Schema of the data of an event, in one version',
    description: 'It is what `dataschema` of events names. Schemas of former versions stay.',
    example: schema,
    isScoped: false,
    refuses: ['event_type_not_found'],
  })
  get(@Param('type') type: string, @Param('version') version: string): object {
    const found = /^\d{1,6}$/.test(version) ? eventTypeOf(type, Number(version)) : undefined;
    if (!found) throw new Rejection('event_type_not_found');
    return found.schema;
  }
}
