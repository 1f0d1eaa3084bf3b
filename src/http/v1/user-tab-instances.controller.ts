import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { newId } from '../../application/secrets.js';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../domain/tab-instances.js';
import { ListTabInstances, type TabInstanceView } from '../../read/tab-instances.js';
import { Commands } from '../door/commands.js';
import { IsTabIdList } from '../wire/fields/id.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { tabInstanceExample } from './user-associations.js';

class TabInstancesBody extends ClientChoice {
  @ApiProperty({ type: [String], example: ['8b1c5d6e7f'], description: 'Ids of tabs, not of tab instances' })
  @IsTabIdList(0)
  tab_ids!: string[];
}

const refuses = ['user_not_found', 'missing_user_id'] as const;

/** A user's own copies of tabs. */
@V1('users/:userId/tab-instances')
export class UserTabInstancesController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the tab instances of a user',
    permissions: ['user.manage'],
    example: list('tab_instances', { rows: [tabInstanceExample], total: 1 }, (row) => row),
    refuses,
  })
  async list(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const page = await this.queries.ask(new ListTabInstances(at, userId, pageOf(query)));
    return list('tab_instances', page, shape);
  }

  @Put()
  @v1Operation({
    summary: 'Give a user instances of tabs',
    description: 'Answers the added instances. Tabs that the user already has are skipped.',
    permissions: ['user.manage'],
    example: answer({ tab_instances: [tabInstanceExample] }),
    refuses,
  })
  async add(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() { tab_ids, client_id }: TabInstancesBody,
  ): Promise<Success> {
    const { account } = this.scopes.of(request, { client_id });
    const instances = [...new Set(tab_ids)].map((tab_id) => ({ tab_instance_id: newId(), tab_id }));
    const { events } = await this.commands.send(
      request,
      new AddUserTabInstances(account, { user_id, instances }, metaOf(request)),
    );
    const added = events.flatMap((event) =>
      event.type === 'UserTabInstancesAdded' ? event.data.instances : [],
    );
    return answer({
      tab_instances: added.map(({ tab_instance_id: id, tab_id }) => shape({ id, tab_id })),
    });
  }

  @Delete(':tabInstanceId')
  @v1Operation({
    summary: 'Take a tab instance from a user',
    permissions: ['user.manage'],
    example: answer({}),
    refuses: [...refuses, 'missing_id', 'tab_instance_not_found'],
  })
  async remove(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Param('tabInstanceId', PathId) tab_instance_id: string,
  ): Promise<Success> {
    const { account } = this.scopes.of(request);
    await this.commands.send(
      request,
      new RemoveUserTabInstance(account, { user_id, tab_instance_id }, metaOf(request)),
    );
    return answer({});
  }
}

/** Tabs are the caller's, who alone knows their names; a context is what a dashboard would keep there. */
function shape({ id, tab_id }: TabInstanceView): object {
  return { id, tab_id, name: '', context: {} };
}
