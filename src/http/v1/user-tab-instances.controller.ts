import { Body, Delete, Get, Param, Put, Query, Req } from '@nestjs/common';
import { RemoveUserTabInstance } from '../../domain/tab-instances.js';
import { ListTabInstances } from '../../read/tab-instances.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { TabInstancesBody } from '../wire/tab-instances.js';
import { answer, list, listExample, type Success } from './envelope.js';
import { tabInstanceExample, tabInstanceRow } from './user-associations.js';

const refuses = ['user_not_found', 'missing_user_id'] as const;

/** A user's own copies of tabs. */
@V1('users/:userId/tab-instances')
export class UserTabInstancesController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the tab instances of a user',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('tab_instances', tabInstanceExample),
    refuses,
  })
  async list(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const page = await this.door.read(request, (at) => new ListTabInstances(at, userId, pageOf(query)));
    return list('tab_instances', page, tabInstanceRow);
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
    @Body() body: TabInstancesBody,
  ): Promise<Success> {
    const { events } = await this.door.write(request, body, body.toCommand({ user_id }));
    const added = events.flatMap((event) =>
      event.type === 'UserTabInstancesAdded' ? event.data.instances : [],
    );
    return answer({
      tab_instances: added.map(({ tab_instance_id: id, tab_id }) => tabInstanceRow({ id, tab_id })),
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
    const ids = { user_id, tab_instance_id };
    await this.door.write(
      request,
      undefined,
      (account, meta) => new RemoveUserTabInstance(account, ids, meta),
    );
    return answer({});
  }
}
