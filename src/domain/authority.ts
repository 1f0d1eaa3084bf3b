import type { AccountState } from './account-state.js';
import { adminRole } from './built-in-roles.js';
import { isManagedBy } from './client-shares.js';
import { isShut } from './client.js';
import type { Command } from './command.js';
import type { Actor } from './message.js';
import { type Holdings, holds, type Permission } from './permissions.js';
import { Rejection } from './rejection.js';

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

/** @throws Rejection access_denied */
export function authorize(command: Command, state: AccountState, authority: Authority): void {
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
