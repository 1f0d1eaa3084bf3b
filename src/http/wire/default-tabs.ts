import { ApiPropertyOptional } from '@nestjs/swagger';
import { AddGroupDefaultTabs } from '../../domain/default-tabs.js';
import { Rejection } from '../../domain/rejection.js';
import type { Draft } from './draft.js';
import { IsTabId, IsTabIdList } from './fields/id.js';
import { MayBeAbsent } from './fields/presence.js';
import { ClientChoice } from './client-choice.js';

export class AddDefaultTabsBody extends ClientChoice {
  @ApiPropertyOptional({ type: [String], example: ['35a5ecd7e9a8a1e9e2f0d0b5f9fd2f6c'] })
  @MayBeAbsent()
  @IsTabIdList(1)
  tab_ids?: string[];

  @ApiPropertyOptional({ description: 'One tab, besides those of tab_ids' })
  @MayBeAbsent()
  @IsTabId()
  tab_id?: string;

  /** @throws Rejection bad_request when it names no tab */
  toCommand({ group_id }: { readonly group_id: string }): Draft<AddGroupDefaultTabs> {
    const tab_ids = [...(this.tab_ids ?? []), ...(this.tab_id === undefined ? [] : [this.tab_id])];
    if (tab_ids.length === 0) throw new Rejection('bad_request', 'tab_ids must be a list of ids of tabs');
    return (account, meta) => new AddGroupDefaultTabs(account, { group_id, tab_ids }, meta);
  }
}
