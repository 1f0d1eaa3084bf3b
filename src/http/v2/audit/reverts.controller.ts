import { Body, Param, Post, Req } from '@nestjs/common';
import { AuditLog } from '../../../audit/audit-log.js';
import { Reversal } from '../../../audit/revert/reversal.js';
import { ShareClient, UnshareClient } from '../../../domain/client-shares.js';
import { readers } from '../../../domain/permissions.js';
import { Rejection } from '../../../domain/rejection.js';
import type { RevertCommand } from '../../../domain/revert.js';
import { Door } from '../../door/door.js';
import type { ApiRequest } from '../../door/request.js';
import { RevertBody } from '../../wire/reverts.js';
import { V2, v2Operation } from '../operation.js';

/** The exact way back. */
@V2('audit')
export class RevertsController {
  constructor(
    private readonly audit: AuditLog,
    private readonly door: Door,
  ) {}

  @Post(':revision/revert')
  @v2Operation({
    permissions: readers,
    summary: 'Take back what a command did',
    description:
      'All events of the command, or none. The caller also needs the rights of the inverse, which refuses what it always ' +
      'refuses. What was touched again since is `changed_since`; `because` has the revisions in the way. Creations, keys, ' +
      'passwords, sign-ins, mails, contacts, settings and clients are `not_revertible`.',
    example: { reverted: [4711], revision: 4720 },
    refuses: [
      ...(['entry_not_found', 'changed_since', 'not_revertible', 'permission_escalation'] as const),
      ...(['email_in_use', 'external_id_in_use', 'seat_limit', 'admin_role_requires_user'] as const),
      ...(['user_not_found', 'group_not_found', 'role_not_found', 'client_not_found'] as const),
      'change_too_large',
    ],
  })
  async revert(
    @Req() request: ApiRequest,
    @Param('revision') text: string,
    @Body() body: RevertBody,
  ): Promise<object> {
    if (!/^\d{1,15}$/.test(text)) throw new Rejection('entry_not_found');
    const at = this.door.scopes.of(request, body);
    const reversal = await Reversal.of(this.audit, at, Number(text));
    try {
      const { revision } = await this.door.send(request, at.account, async (account, meta) => {
        const command = reversal.command(account, meta);
        for (const client of clientsOf(command)) this.door.scopes.requireClient(request, client);
        await reversal.requireUntouched(at);
        return command;
      });
      return { reverted: reversal.revisions, revision };
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'changed_since' || error.because) throw error;
      throw await reversal.tooLate(this.door.scopes.of(request, body));
    }
  }
}

/** The clients whose share rights a command changes. */
function clientsOf({ data: { steps } }: RevertCommand): readonly string[] {
  return steps.flatMap(({ command }) =>
    command instanceof ShareClient || command instanceof UnshareClient ? [command.data.client_id] : [],
  );
}
