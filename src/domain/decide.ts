import { type Account, type AccountCommand, decideAccount } from './account.js';
import type { AccountState, DomainEvent } from './account-state.js';
import { adminRole } from './built-in-roles.js';
import { type ClientCommand, decideClient, isShut } from './client.js';
import { type ClientSettingsCommand, decideClientSettings } from './client-settings.js';
import { type ClientPropertyCommand, decideClientProperty } from './client-properties.js';
import { type ClientShareCommand, decideClientShare, isManagedBy } from './client-shares.js';
import type { Directory } from './directory.js';
import { decideGroup, type Group, type GroupCommand, type Membership } from './group.js';
import { decideMail, type MailCommand } from './mail.js';
import type { Actor } from './message.js';
import { decidePasswordReset, type ResetPassword } from './password-tokens.js';
import { covers, type Holdings, holds, type Permission } from './permissions.js';
import { Rejection } from './rejection.js';
import { decideRole, type RoleCommand } from './role.js';
import { decideSignIn, type SignInCommand } from './sign-in.js';
import { decideTabInstance, type TabInstanceCommand } from './tab-instances.js';
import { decideUser, emailKey, type User, type UserCommand } from './user.js';
import { decideUserProperty, type UserPropertyCommand } from './user-properties.js';

export type Command =
  | AccountCommand
  | ClientCommand
  | ClientSettingsCommand
  | UserCommand
  | SignInCommand
  | MailCommand
  | ResetPassword
  | UserPropertyCommand
  | TabInstanceCommand
  | GroupCommand
  | RoleCommand
  | ClientShareCommand
  | ClientPropertyCommand;

/** What the actor's own account says of the actor, at one revision of that account. */
export interface Authority {
  readonly holdings: Holdings;
  /** Whether that account is a company: only a company opens clients. */
  readonly inCompany: boolean;
  /** Whether a share right of one of the actor's groups lets the actor change the client account that is changed. */
  readonly managesClient: boolean;
}

/** The permission each command asks of its actor; null: only the operator and the service; self: whom it is about. */
const requiredPermission: Record<Command['type'], Permission | 'self' | null> = {
  OpenCompany: null,
  OpenClient: 'client.build',
  UpdateAccount: 'account.settings',
  UpdateClient: 'client.edit',
  SetClientResources: 'client.edit',
  SetClientSettings: 'client.edit',
  ExtendClientTrial: 'client.edit',
  EnableClientDirectBilling: 'client.edit',
  CloseClient: 'client.delete',
  CreateUser: 'user.manage',
  UpdateUser: 'user.manage',
  DeleteUser: 'user.manage',
  ReplaceUserPermissions: 'user.manage',
  IssueApiKey: 'user.manage',
  RevokeApiKey: 'user.manage',
  SetUserProperties: 'user.manage',
  DeleteUserProperty: 'user.manage',
  AddUserTabInstances: 'user.manage',
  RemoveUserTabInstance: 'user.manage',
  RecordSignIn: 'self',
  LockUser: null,
  UnlockUser: 'user.manage',
  RequestMail: 'user.manage',
  ClaimMail: null,
  DeferMail: null,
  RecordMailSent: null,
  GiveUpMail: null,
  ResetPassword: 'self',
  CreateGroup: 'user.manage',
  UpdateGroup: 'user.manage',
  DeleteGroup: 'user.manage',
  AddUserToGroup: 'user.manage',
  RemoveUserFromGroup: 'user.manage',
  AddGroupDefaultTabs: 'user.manage',
  CreateRole: 'user.manage',
  UpdateRole: 'user.manage',
  RemoveRolePermissions: 'user.manage',
  DeleteRole: 'user.manage',
  AddUserToRole: 'user.manage',
  RemoveUserFromRole: 'user.manage',
  ShareClient: 'client.share',
  UnshareClient: 'client.share',
  SetClientProperties: 'client.edit',
  DeleteClientProperty: 'client.edit',
};

/** X77: changes of a client account as such, from its company: the permission is all they ask for, no share right. */
const aboutClient: ReadonlySet<Command['type']> = new Set([
  ...(['OpenClient', 'UpdateClient', 'SetClientResources', 'SetClientSettings'] as const),
  ...(['ExtendClientTrial', 'EnableClientDirectBilling', 'CloseClient'] as const),
]);

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

/** Everything a user holds by roles, groups and individually. */
export function holdingsOf(state: AccountState, userId: string): Holdings {
  const user = state.users.get(userId);
  if (!user) return new Set();
  const roles = state.assignments.bySubject.get(userId);
  if (roles?.has(adminRole.id)) return 'everything';
  const held = new Set(user.permissions);
  for (const id of roles?.keys() ?? [])
    for (const name of state.roles.get(id)?.permissions ?? []) held.add(name);
  for (const id of state.memberships.bySubject.get(userId)?.keys() ?? [])
    for (const name of state.groups.get(id)?.permissions ?? []) held.add(name);
  return held;
}

/** @param client the client account that is changed, when it is another account than the user's own */
export function authorityOf(state: AccountState, userId: string, client?: string): Authority {
  return {
    holdings: holdingsOf(state, userId),
    inCompany: state.account.get('account')?.parent_id === null,
    managesClient: client !== undefined && managesClient(state, userId, client),
  };
}

function managesClient(state: AccountState, userId: string, client: string): boolean {
  if (!state.users.has(userId)) return false;
  const own = state.memberships.bySubject.get(userId);
  const isIn = (group: string) => own?.has(group) === true || state.groups.get(group)?.built_in === true;
  return isManagedBy(state.clientShares, client, isIn);
}

function authorize(command: Command, state: AccountState, authority: Authority): void {
  const { actor } = command.meta;
  if (actor.type !== 'user') return;
  const account = state.account.get('account');
  if (actor.account === command.account && account && isShut(account)) throw new Rejection('access_denied');
  const permission = requiredPermission[command.type];
  if (permission === 'self') {
    requireSelf(command, actor);
    return;
  }
  if (permission === null || !holds(authority.holdings, permission)) throw new Rejection('access_denied');
  const isAboutClient = aboutClient.has(command.type);
  if (actor.account === command.account && !isAboutClient) return;
  const company = command.type === 'OpenClient' ? command.data.parent_id : account?.parent_id;
  const isOfCompany = company === actor.account && authority.inCompany;
  if (!isOfCompany || !(isAboutClient || mayChangeClient(authority))) throw new Rejection('access_denied');
}

function requireSelf({ account, data }: Command, actor: Extract<Actor, { type: 'user' }>): void {
  const isSelf = 'user_id' in data && data.user_id === actor.id && account === actor.account;
  if (!isSelf) throw new Rejection('access_denied');
}

/**
 * Whether these permissions, held in a company, open client accounts of it at all:
 * to Admins every one of them, to others those that are shared with one of their groups.
 */
export function reachesClients(holdings: Holdings): boolean {
  return holds(holdings, 'user.manage') || holds(holdings, 'client.access');
}

function mayChangeClient({ holdings, managesClient }: Authority): boolean {
  return holdings === 'everything' || (managesClient && reachesClients(holdings));
}

function directoryOf(command: Command, state: AccountState, authority: Authority): Directory {
  const { actor } = command.meta;
  const account = state.account.get('account');
  const hasRole = (userId: string, roleId: string) =>
    state.assignments.bySubject.get(userId)?.has(roleId) ?? false;
  return {
    account,
    actorId: actor.type === 'user' ? actor.id : undefined,
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
    requireGrantable: (asked) => {
      if (!covers(authority.holdings, asked)) throw new Rejection('permission_escalation');
    },
  };
}
