import { ApiProperty } from '@nestjs/swagger';
import { newId } from '../../application/secrets.js';
import { AddUserTabInstances } from '../../domain/tab-instances.js';
import type { Draft } from './draft.js';
import { IsTabIdList } from './fields/id.js';
import { ClientChoice } from './client-choice.js';

export class TabInstancesBody extends ClientChoice {
  @ApiProperty({ type: [String], example: ['8b1c5d6e7f'], description: 'Ids of tabs, not of tab instances' })
  @IsTabIdList(0)
  tab_ids!: string[];

  /** A command that gives each tab, however often it is named, one new instance. */
  toCommand({ user_id }: { readonly user_id: string }): Draft<AddUserTabInstances> {
    const instances = [...new Set(this.tab_ids)].map((tab_id) => ({ tab_instance_id: newId(), tab_id }));
    return (account, meta) => new AddUserTabInstances(account, { user_id, instances }, meta);
  }
}
