import { Body, Param, Post, Req } from '@nestjs/common';
import type { NotRestored } from '../../domain/restoration.js';
import { known } from '../door/commands.js';
import { Door } from '../door/door.js';
import type { ApiRequest } from '../door/request.js';
import { RestoreGroupBody, RestoreUserBody } from '../wire/restorations.js';
import { V2, v2Operation } from './operation.js';

const notRestored: NotRestored = {
  what: 'group',
  id: '2e21abc434a5169f9890576ec4d8e333',
  code: 'group_not_found',
  reason: 'There is no such group in this account',
};
const permissions = ['user.manage'] as const;
const description =
  'It comes back under its id with what it had, as far as the rules and the rights of the caller allow today; ' +
  '`not_restored` names the rest.';

/** Deleted users and groups come back. */
@V2('')
export class RestorationsController {
  constructor(private readonly door: Door) {}

  @Post('users/:userId/restore')
  @v2Operation({
    ...{ summary: 'Restore a deleted user', permissions },
    description: `${description} The password is valid again; API keys stay revoked.`,
    example: {
      restored: { groups: [], roles: ['a0000000000000000000000000000002'], permissions: ['klip.edit'] },
      not_restored: [notRestored],
    },
    refuses: [
      ...(['user_not_found', 'not_deleted', 'seat_limit'] as const),
      ...(['email_in_use', 'external_id_in_use', 'change_too_large'] as const),
    ],
  })
  async user(
    @Req() request: ApiRequest,
    @Param('userId') user_id: string,
    @Body() body: RestoreUserBody,
  ): Promise<object> {
    const { events, after } = await this.door.write(request, body, body.toCommand({ user_id }));
    const { data } = known(events.find((event) => event.type === 'UserRestored'));
    const { memberships, roles, permissions: given } = data;
    const groups = memberships.map(({ group_id }) => group_id);
    return { restored: { groups, roles, permissions: given }, not_restored: after.not_restored };
  }

  @Post('groups/:groupId/restore')
  @v2Operation({
    ...{ summary: 'Restore a deleted group', permissions },
    description: `${description} Default tabs come back, too; share rights if the caller holds client.share.`,
    example: {
      restored: { users: ['c17db511dbc00421d0a093fc8c236064'], permissions: ['klip.edit'] },
      not_restored: [{ ...notRestored, what: 'user', code: 'user_not_found' }],
    },
    refuses: ['group_not_found', 'not_deleted', 'external_id_in_use', 'change_too_large'],
  })
  async group(
    @Req() request: ApiRequest,
    @Param('groupId') group_id: string,
    @Body() body: RestoreGroupBody,
  ): Promise<object> {
    const { events, after } = await this.door.write(request, body, body.toCommand({ group_id }));
    const { data } = known(events.find((event) => event.type === 'GroupRestored'));
    const { memberships, permissions: given } = data;
    const users = memberships.map(({ user_id }) => user_id);
    return { restored: { users, permissions: given }, not_restored: after.not_restored };
  }
}
