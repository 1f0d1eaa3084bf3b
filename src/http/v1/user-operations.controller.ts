import { Body, Param, Post, Req } from '@nestjs/common';
import { newId } from '../../application/secrets.js';
import { type MailKind, RequestMail } from '../../domain/mail.js';
import { Commands } from '../door/commands.js';
import { PathId } from '../door/path-id.js';
import { type ApiRequest, metaOf } from '../door/request.js';
import { ClientChoice } from '../wire/client-choice.js';
import { Scopes } from '../door/scopes.js';
import { AcceptsNothing } from '../door/validation.js';
import { answer, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';

@AcceptsNothing()
class OperationBody extends ClientChoice {}

const refuses = ['user_not_found', 'missing_user_id'] as const;

/** What is done for a user rather than to one: mails to the user's own address. */
@V1('users/:userId/@')
export class UserOperationsController {
  constructor(
    private readonly commands: Commands,
    private readonly scopes: Scopes,
  ) {}

  @Post('resend-invite')
  @v1Operation({
    summary: 'Send the invitation again',
    description:
      'The mail has a link to set a password. While such a mail waits, another request adds none. A mail that failed before is replaced.',
    permissions: ['user.manage'],
    example: answer({ op_requested: 'resend-invite' }),
    refuses,
  })
  async resendInvite(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Body() body: OperationBody,
  ): Promise<Success> {
    await this.requestMail(request, userId, body, 'invitation');
    return answer({ op_requested: 'resend-invite' });
  }

  @Post('reset-password')
  @v1Operation({
    summary: 'Send a mail to set a new password',
    description:
      'The password stays valid until the user sets another. While such a mail waits, another request adds none. A mail that failed before is replaced.',
    permissions: ['user.manage'],
    example: answer({ op_requested: 'reset-password' }),
    refuses,
  })
  async resetPassword(
    @Req() request: ApiRequest,
    @Param('userId', PathId) userId: string,
    @Body() body: OperationBody,
  ): Promise<Success> {
    await this.requestMail(request, userId, body, 'password_reset');
    return answer({ op_requested: 'reset-password' });
  }

  private async requestMail(
    request: ApiRequest,
    user_id: string,
    body: OperationBody,
    kind: MailKind,
  ): Promise<void> {
    const { account } = this.scopes.of(request, body);
    const data = { user_id, mail_id: newId(), kind };
    await this.commands.send(request, new RequestMail(account, data, metaOf(request)));
  }
}
