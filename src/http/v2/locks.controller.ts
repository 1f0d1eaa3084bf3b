import { Delete, Param, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { UnlockUser } from '../../domain/sign-in.js';
import { Commands } from '../door/commands.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { V2, v2Operation } from './operation.js';

/** The lock of a user after too many failed sign-ins. */
@V2('users/:userId/lock')
export class LocksController {
  constructor(
    private readonly commands: Commands,
    private readonly scopes: Scopes,
    private readonly clock: Clock,
  ) {}

  @Delete()
  @v2Operation({
    summary: 'Unlock a user',
    description: 'Ends a lock before its time. It is no error if there is none.',
    permissions: ['user.manage'],
    status: 204,
    refuses: ['user_not_found', 'permission_escalation'],
  })
  async unlock(@Req() request: ApiRequest, @Param('userId') user_id: string): Promise<void> {
    const { account } = this.scopes.of(request);
    const data = { user_id, now: this.clock.timestamp() };
    await this.commands.send(request, new UnlockUser(account, data, metaOf(request)));
  }
}
