import { ApiPropertyOptional } from '@nestjs/swagger';
import { ShareClient } from '../../domain/client-shares.js';
import { Rejection } from '../../domain/rejection.js';
import type { Draft } from './draft.js';
import { flag } from './fields/flag.js';
import { MayBeAbsent } from './fields/presence.js';
import { IsShareList, type ShareField } from './fields/share.js';

export class ShareRightsBody {
  @ApiPropertyOptional({ example: [{ group_id: '0123456789abcdef0123456789abcdef', can_manage: true }] })
  @MayBeAbsent()
  @IsShareList()
  groups?: ShareField[];

  @ApiPropertyOptional({ description: 'In place of groups: the list as it was read' })
  @MayBeAbsent()
  @IsShareList()
  share_rights?: ShareField[];

  /** The groups under either name. @throws Rejection bad_request when there are both or none */
  shares(): readonly { readonly group_id: string; readonly can_manage: boolean | undefined }[] {
    const { groups, share_rights } = this;
    const wanted = groups ?? share_rights;
    if (!wanted || (groups && share_rights))
      throw new Rejection(
        'bad_request',
        'groups must be a list of {group_id, can_manage?}, or share_rights instead of it',
      );
    return wanted.map(({ group_id, can_manage }) => ({ group_id, can_manage: flag(can_manage) }));
  }

  /** A command for the company of the client. @throws Rejection as {@link shares} */
  toCommand({ client_id }: { readonly client_id: string }): Draft<ShareClient> {
    const shares = this.shares();
    return (company, meta) => new ShareClient(company, { client_id, shares }, meta);
  }
}
