import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import { GetDefaultTab } from '../../read/default-tab.js';
import { type DefaultTabView, ListDefaultTabs } from '../../read/default-tabs.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { AddDefaultTabsBody } from '../wire/default-tabs.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { answer, created, list, listExample, type Success } from './envelope.js';

const tabExample = { tab_id: '35a5ecd7e9a8a1e9e2f0d0b5f9fd2f6c' };
const notFound = ['group_not_found', 'missing_id'] as const;

/** The dashboards that members of a group start with. Ids of tabs are the caller's: any text will do. */
@V1('groups/:groupId/default-tabs')
export class DefaultTabsController {
  constructor(private readonly door: Door) {}

  @Get()
  @v1Operation({
    summary: 'List the default tabs of a group',
    past: 'as_of',
    permissions: ['user.manage'],
    example: listExample('default_tabs', tabExample),
    refuses: notFound,
  })
  async list(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const page = await this.door.read(request, (at) => new ListDefaultTabs(at, groupId, pageOf(query)));
    return list('default_tabs', page, defaultTab);
  }

  @Get(':tabId')
  @v1Operation({
    summary: 'Get a default tab of a group',
    past: 'as_of',
    permissions: ['user.manage'],
    example: answer(tabExample),
    refuses: [...notFound, 'default_tab_not_found'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Param('tabId', PathId) tabId: string,
  ): Promise<Success> {
    return answer(defaultTab(await this.door.read(request, (at) => new GetDefaultTab(at, groupId, tabId))));
  }

  @Post()
  @v1Operation({
    summary: 'Add default tabs to a group',
    description: 'Those that the group has already stay where they are.',
    permissions: ['user.manage'],
    status: 201,
    example: created('/groups/0932d8270fb840f102d542331f200aca/default-tabs'),
    refuses: [...notFound, 'default_tab_limit'],
  })
  async add(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) group_id: string,
    @Body() body: AddDefaultTabsBody,
  ): Promise<Success> {
    await this.door.write(request, body, body.toCommand({ group_id }));
    return created(`/groups/${group_id}/default-tabs`);
  }
}

function defaultTab({ tab_id }: DefaultTabView): object {
  return { tab_id };
}
