import { RestoreGroup } from '../../domain/group-restoration.js';
import { RestoreUser } from '../../domain/user-restoration.js';
import { ClientChoice } from './client-choice.js';
import type { Draft } from './draft.js';

/** What a user is restored with: nothing but, perhaps, the account. */
export class RestoreUserBody extends ClientChoice {
  toCommand(data: { readonly user_id: string }): Draft<RestoreUser> {
    return (account, meta) => new RestoreUser(account, data, meta);
  }
}

/** As {@link RestoreUserBody}, of a group. */
export class RestoreGroupBody extends ClientChoice {
  toCommand(data: { readonly group_id: string }): Draft<RestoreGroup> {
    return (account, meta) => new RestoreGroup(account, data, meta);
  }
}
