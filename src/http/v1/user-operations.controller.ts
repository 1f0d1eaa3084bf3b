import { Body, Param, Post, Req } from '@nestjs/common';
import { newId } from '../../application/secrets.js';
import { Door } from '../door/door.js';
import { PathId } from '../door/path-id.js';
import type { ApiRequest } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { OperationBody } from '../wire/mails.js';
import { requested, type Success } from './envelope.js';

const refuses = ['user_not_found', 'missing_user_id'] as const;
const limits = 'A user is sent one mail of a kind a minute at most: 429 before that.';

/** What is done for a user rather than to one: mails to the user's own address. */
@V1('users/:userId/@')
export class UserOperationsController {
  constructor(private readonly door: Door) {}

  @Post('resend-invite')
  @v1Operation({
    summary: 'Send the invitation again',
    description:
      'The mail has a link to set a password. While such a mail waits, another request adds none. A mail that failed before is replaced. ' +
      limits,
    permissions: ['user.manage'],
    example: requested('resend-invite'),
    refuses,
  })
  async resendInvite(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() body: OperationBody,
  ): Promise<Success> {
    const mail = { user_id, mail_id: newId(), kind: 'invitation' } as const;
    await this.door.write(request, body, body.toCommand(mail));
    return requested('resend-invite');
  }

  @Post('reset-password')
  @v1Operation({
    summary: 'Send a mail to set a new password',
    description:
      'The password stays valid until the user sets another. While such a mail waits, another request adds none. A mail that failed before is replaced. ' +
      limits,
    permissions: ['user.manage'],
    example: requested('reset-password'),
    refuses,
  })
  async resetPassword(
    @Req() request: ApiRequest,
    @Param('userId', PathId) user_id: string,
    @Body() body: OperationBody,
  ): Promise<Success> {
    const mail = { user_id, mail_id: newId(), kind: 'password_reset' } as const;
    await this.door.write(request, body, body.toCommand(mail));
    return requested('reset-password');
  }
}
