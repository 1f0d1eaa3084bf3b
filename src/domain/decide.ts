import type { AccountState, DomainEvent } from './account-state.js';
import { type Account, decideAccount } from './account.js';
import { type Authority, authorize, reaches, reachesClients } from './authority.js';
import { adminRole } from './built-in-roles.js';
import { decideClientProperty } from './client-properties.js';
import { decideClientSettings } from './client-settings.js';
import { decideClientShare, type ShareRight } from './client-shares.js';
import { decideClient } from './client.js';
import type { Command } from './command.js';
import type { Directory } from './directory.js';
import { holdingsOf } from './holdings.js';
import { decideGroup, type Group, type Membership } from './group.js';
import { decideMail } from './mail.js';
import { decidePasswordReset } from './password-tokens.js';
import { covers, type Holdings, union } from './permissions.js';
import { Rejection } from './rejection.js';
import { decideRole } from './role.js';
import { decideSignIn } from './sign-in.js';
import { decideTabInstance } from './tab-instances.js';
import { decideUserProperty } from './user-properties.js';
import { decideUser, emailKey, type User } from './user.js';

/**
 * Decides a command on the state of its account.
 * @param authority what the actor holds in the actor's own account
 * @returns the events to append; none when nothing would change
 * @throws Rejection when a rule refuses
 */
export function decide(command: Command, state: AccountState, authority: Authority): DomainEvent[] {
  authorize(command, state, authority);
  const directory = directoryOf(command, state, authority);
  const { account } = directory;
  if (command.type === 'OpenCompany' || command.type === 'OpenClient')
    return decideAccount(command, account, directory);
  if (!account || account.client?.closed) throw new Rejection('client_not_found');
  switch (command.type) {
    case 'UpdateAccount':
      return decideAccount(command, account, directory);
    case 'UpdateClient':
    case 'SetClientResources':
    case 'ExtendClientTrial':
    case 'EnableClientDirectBilling':
    case 'CloseClient':
      return decideClient(command, account);
    case 'SetClientSettings':
      return decideClientSettings(command, state.clientSettings, account);
    case 'CreateGroup':
    case 'UpdateGroup':
    case 'DeleteGroup':
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup':
    case 'AddGroupDefaultTabs':
      return decideGroup(command, directory.group(command.data.group_id), directory);
    case 'CreateRole':
    case 'UpdateRole':
    case 'RemoveRolePermissions':
    case 'DeleteRole':
    case 'AddUserToRole':
    case 'RemoveUserFromRole':
      return decideRole(command, directory.role(command.data.role_id), directory);
    case 'RecordSignIn':
    case 'LockUser':
    case 'UnlockUser':
      return decideSignIn(command, directory.user(command.data.user_id), directory);
    case 'RequestMail':
    case 'ClaimMail':
    case 'DeferMail':
    case 'RecordMailSent':
    case 'GiveUpMail':
      return decideMail(command, state.mails, directory);
    case 'ResetPassword':
      return decidePasswordReset(command, state.passwordTokens, directory);
    case 'CreateUser':
    case 'UpdateUser':
    case 'DeleteUser':
    case 'ReplaceUserPermissions':
    case 'IssueApiKey':
    case 'RevokeApiKey':
      return decideUser(command, directory.user(command.data.user_id), directory);
    case 'SetUserProperties':
    case 'DeleteUserProperty':
      return decideUserProperty(command, state.userProperties, directory);
    case 'AddUserTabInstances':
    case 'RemoveUserTabInstance':
      return decideTabInstance(command, state.tabInstances, directory);
    case 'ShareClient':
    case 'UnshareClient':
      return decideClientShare(command, state.clientShares, directory);
    case 'SetClientProperties':
    case 'DeleteClientProperty':
      return decideClientProperty(command, state.clientProperties, directory);
  }
}

/** What a command is about, as it stands when the command is done. */
export interface Aftermath {
  readonly account: Account | undefined;
  readonly user: User | undefined;
  readonly group: Group | undefined;
  /** How many members the group has. */
  readonly num_members: number;
  readonly membership: Membership | undefined;
}

/** Reads what a command left behind, before another one is decided. */
export function aftermathOf(command: Command, state: AccountState): Aftermath {
  const { data } = command;
  const user_id = 'user_id' in data ? data.user_id : '';
  const group_id = 'group_id' in data ? data.group_id : '';
  const group = state.groups.get(group_id);
  const members = group?.built_in ? state.users : state.memberships.byOther.get(group_id);
  return {
    account: state.account.get('account'),
    user: state.users.get(user_id),
    group,
    num_members: members?.size ?? 0,
    membership: state.memberships.bySubject.get(user_id)?.get(group_id),
  };
}

function directoryOf(command: Command, state: AccountState, authority: Authority): Directory {
  const { actor } = command.meta;
  const account = state.account.get('account');
  const hasRole = (userId: string, roleId: string) =>
    state.assignments.bySubject.get(userId)?.has(roleId) ?? false;
  const senders =
    actor.type === 'user' ? [{ user_id: actor.id, account: actor.account }, ...authority.limitedBy] : [];
  const requireGrantable = (asked: Holdings | readonly string[]) => {
    if (!covers(authority.holdings, asked)) throw new Rejection('permission_escalation');
  };
  const requireReach = (client: string, asked: ShareRight) => {
    // An account whose groups open clients is a company: its users, and they alone, act in it.
    for (const { user_id } of senders)
      if (!reaches(state, user_id, client, asked)) throw new Rejection('permission_escalation');
  };
  return {
    account,
    senders,
    actorId: actor.type === 'user' ? actor.id : undefined,
    isActorIn: (groupId) =>
      actor.type === 'user' &&
      (state.groups.get(groupId)?.built_in === true ||
        state.memberships.bySubject.get(actor.id)?.has(groupId) === true),
    user: (id) => state.users.get(id),
    group: (id) => state.groups.get(id),
    role: (id) => state.roles.get(id),
    userWithEmail: (email) => state.userByEmail.get(emailKey(email)),
    userWithExternalId: (externalId) => state.userByExternalId.get(externalId),
    groupWithExternalId: (externalId) => state.groupByExternalId.get(externalId),
    membership: (userId, groupId) => state.memberships.bySubject.get(userId)?.get(groupId),
    hasRole,
    isLastAdmin: (userId, roleId = adminRole.id) =>
      roleId === adminRole.id &&
      hasRole(userId, adminRole.id) &&
      state.assignments.byOther.get(adminRole.id)?.size === 1,
    seatsLeft: () => (account && account.seats >= 0 ? account.seats - state.users.size : Infinity),
    holdingsOfUser: (userId) => holdingsOf(state, userId),
    holdingsOfRole: (roleId) =>
      roleId === adminRole.id ? 'everything' : new Set(state.roles.get(roleId)?.permissions),
    requireGrantable,
    requireReach,
    requireNoStronger: (userId) => {
      requireGrantable(holdingsOf(state, userId));
      for (const group of state.memberships.bySubject.get(userId)?.keys() ?? [])
        for (const [client, right] of state.clientShares.byOther.get(group) ?? [])
          requireReach(client, right);
    },
    requireOpenable: (userId, group) => {
      const shares = [...(state.clientShares.byOther.get(group.id) ?? [])];
      const opened = shares.filter(([client, right]) => !reaches(state, userId, client, right));
      if (opened.length === 0) return;
      for (const [client, right] of opened) requireReach(client, right);
      const held = union(holdingsOf(state, userId), group.permissions);
      if (reachesClients(held)) requireGrantable(held);
    },
  };
}
