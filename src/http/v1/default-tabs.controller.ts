import { Body, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { AddGroupDefaultTabs } from '../../domain/default-tabs.js';
import { Rejection } from '../../domain/rejection.js';
import { GetDefaultTab } from '../../read/default-tab.js';
import { ListDefaultTabs } from '../../read/default-tabs.js';
import { Commands } from '../door/commands.js';
import { IsTabId, IsTabIdList } from '../wire/fields/id.js';
import { MayBeAbsent } from '../wire/fields/presence.js';
import { pageOf, PageQuery } from '../wire/paging.js';
import { PathId } from '../door/path-id.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { answer, created, list, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

class AddDefaultTabsBody extends ClientChoice {
  @ApiPropertyOptional({ type: [String], example: ['35a5ecd7e9a8a1e9e2f0d0b5f9fd2f6c'] })
  @MayBeAbsent()
  @IsTabIdList(1)
  tab_ids?: string[];

  @ApiPropertyOptional({ description: 'One tab, besides those of tab_ids' })
  @MayBeAbsent()
  @IsTabId()
  tab_id?: string;
}

const tabExample = { tab_id: '35a5ecd7e9a8a1e9e2f0d0b5f9fd2f6c' };
const notFound = ['group_not_found', 'missing_id'] as const;

/** The dashboards that members of a group start with. Ids of tabs are the caller's: any text will do. */
@V1('groups/:groupId/default-tabs')
export class DefaultTabsController {
  constructor(
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Get()
  @v1Operation({
    summary: 'List the default tabs of a group',
    permissions: ['user.manage'],
    example: list('default_tabs', { rows: [tabExample], total: 1 }, (row) => row),
    refuses: notFound,
  })
  async list(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Query() query: PageQuery,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const page = await this.queries.ask(new ListDefaultTabs(at, groupId, pageOf(query)));
    return list('default_tabs', page, ({ tab_id }) => ({ tab_id }));
  }

  @Get(':tabId')
  @v1Operation({
    summary: 'Get a default tab of a group',
    permissions: ['user.manage'],
    example: answer(tabExample),
    refuses: [...notFound, 'default_tab_not_found'],
  })
  async get(
    @Req() request: ApiRequest,
    @Param('groupId', PathId) groupId: string,
    @Param('tabId', PathId) tabId: string,
  ): Promise<Success> {
    const at = this.scopes.of(request);
    const { tab_id } = await this.queries.ask(new GetDefaultTab(at, groupId, tabId));
    return answer({ tab_id });
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
    const { tab_ids = [], tab_id } = body;
    const tabs = tab_id === undefined ? tab_ids : [...tab_ids, tab_id];
    if (tabs.length === 0) throw new Rejection('bad_request', 'tab_ids must be a list of ids of tabs');
    const { account } = this.scopes.of(request, body);
    const data = { group_id, tab_ids: tabs };
    await this.commands.send(request, new AddGroupDefaultTabs(account, data, metaOf(request)));
    return created(`/groups/${group_id}/default-tabs`);
  }
}
