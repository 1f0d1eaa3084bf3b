import { Delete, Param, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { UnlockUser } from '../../domain/sign-in.js';
import { Door } from '../door/door.js';
import type { ApiRequest } from '../door/request.js';
import { V2, v2Operation } from './operation.js';

/** The lock of a user after too many failed sign-ins. */
@V2('users/:userId/lock')
export class LocksController {
  constructor(
    private readonly door: Door,
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
    const data = { user_id, now: this.clock.timestamp() };
    await this.door.write(request, undefined, (account, meta) => new UnlockUser(account, data, meta));
  }
}
