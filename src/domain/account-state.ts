import { type Account, type AccountEvent, evolveAccount } from './account.js';
import { builtInRoles } from './built-in-roles.js';
import { type ClientSettings, type ClientSettingsEvent, evolveClientSettings } from './client-settings.js';
import { holdingsOf } from './holdings.js';
import { evolveGroup, type Group, type GroupEvent, type Membership } from './group.js';
import { type ClientPropertyEvent, evolveClientProperties } from './client-properties.js';
import type { ClientShareEvent, ClientShares } from './client-shares.js';
import { type Journal, JournaledMap } from './journaled-map.js';
import { evolveMails, type MailEvent, type Mails } from './mail.js';
import { evolvePasswordTokens, type PasswordTokenIssued, type PasswordTokens } from './password-tokens.js';
import {
  emptyRelation,
  relate,
  type Relation,
  unrelate,
  unrelateOther,
  unrelateSubject,
} from './relation.js';
import { holds } from './permissions.js';
import { endProperties, type Properties } from './properties.js';
import { evolveRole, type Role, type RoleEvent } from './role.js';
import { evolveTabInstances, type TabInstanceEvent, type TabInstances } from './tab-instances.js';
import { emailKey, evolveUser, type User, type UserEvent } from './user.js';
import { evolveUserProperties, type UserPropertyEvent } from './user-properties.js';

export type DomainEvent =
  | AccountEvent
  | ClientSettingsEvent
  | UserEvent
  | MailEvent
  | PasswordTokenIssued
  | UserPropertyEvent
  | TabInstanceEvent
  | GroupEvent
  | RoleEvent
  | ClientShareEvent
  | ClientPropertyEvent;

/** The state of one account: its three kinds of aggregates, what relates them, and the keys that must stay unique. */
export interface AccountState {
  readonly journal: Journal;
  /** The account's own facts, under the one key `account`. */
  readonly account: JournaledMap<Account>;
  readonly users: JournaledMap<User>;
  /** What those held last who could make keys for others and were deleted. */
  readonly departed: JournaledMap<'everything' | readonly string[]>;
  readonly groups: JournaledMap<Group>;
  readonly roles: JournaledMap<Role>;
  /** User to group. Everybody is in All Users without a membership here. */
  readonly memberships: Relation<Membership>;
  /** User to role. */
  readonly assignments: Relation<true>;
  readonly clientSettings: ClientSettings;
  readonly userProperties: Properties;
  readonly tabInstances: TabInstances;
  readonly mails: Mails;
  readonly passwordTokens: PasswordTokens;
  /** Client to group; a company's own. */
  readonly clientShares: ClientShares;
  /** Of the clients of a company, by their ids. */
  readonly clientProperties: Properties;
  readonly userByEmail: JournaledMap<string>;
  readonly userByExternalId: JournaledMap<string>;
  readonly groupByExternalId: JournaledMap<string>;
}

export function emptyAccountState(): AccountState {
  const journal: Journal = [];
  const roles = new JournaledMap<Role>(journal);
  for (const role of builtInRoles) roles.set(role.id, role);
  journal.length = 0;
  return {
    journal,
    account: new JournaledMap(journal),
    users: new JournaledMap(journal),
    departed: new JournaledMap(journal),
    groups: new JournaledMap(journal),
    roles,
    memberships: emptyRelation(journal),
    assignments: emptyRelation(journal),
    clientSettings: new JournaledMap(journal),
    userProperties: new JournaledMap(journal),
    tabInstances: new JournaledMap(journal),
    mails: new JournaledMap(journal),
    passwordTokens: new JournaledMap(journal),
    clientShares: emptyRelation(journal),
    clientProperties: new JournaledMap(journal),
    userByEmail: new JournaledMap(journal),
    userByExternalId: new JournaledMap(journal),
    groupByExternalId: new JournaledMap(journal),
  };
}

/** Applies one event in place; the journal remembers how to undo it. */
export function evolve(state: AccountState, event: DomainEvent): void {
  switch (event.type) {
    case 'CompanyOpened':
    case 'ClientOpened': {
      const id = event.data.all_users_group_id;
      state.account.set('account', evolveAccount(undefined, event));
      state.groups.set(id, allUsersGroup(id));
      return;
    }
    case 'AccountRenamed':
    case 'ContactAssigned':
    case 'ClientDescriptionChanged':
    case 'ClientStatusChanged':
    case 'ClientSeatsChanged':
    case 'ClientExternalIdChanged':
    case 'ClientThemeChanged':
    case 'ClientResourcesSet':
    case 'ClientTrialExtended':
    case 'ClientDirectBillingEnabled':
    case 'ClientClosed':
      state.account.set('account', evolveAccount(state.account.get('account'), event));
      return;
    case 'ClientSettingsSet':
      evolveClientSettings(state.clientSettings, event);
      return;
    case 'RoleCreated':
    case 'RoleRenamed':
    case 'RoleDescriptionChanged':
    case 'RolePermissionsReplaced':
    case 'RoleDeleted': {
      const id = event.data.role_id;
      const after = evolveRole(state.roles.get(id), event);
      replace(state.roles, id, after);
      if (!after) unrelateOther(state.assignments, id);
      return;
    }
    case 'UserAddedToRole':
      relate(state.assignments, event.data.user_id, event.data.role_id, true);
      return;
    case 'UserRemovedFromRole':
      unrelate(state.assignments, event.data.user_id, event.data.role_id);
      return;
    case 'UserAddedToGroup':
    case 'MembershipChanged': {
      const { user_id, group_id, can_edit } = event.data;
      relate(state.memberships, user_id, group_id, { can_edit });
      return;
    }
    case 'UserRemovedFromGroup':
      unrelate(state.memberships, event.data.user_id, event.data.group_id);
      return;
    case 'MailRequested':
    case 'MailClaimed':
    case 'MailDeferred':
    case 'MailSent':
    case 'MailGivenUp':
      evolveMails(state.mails, event);
      return;
    case 'PasswordTokenIssued':
      evolvePasswordTokens(state.passwordTokens, event);
      return;
    case 'UserPropertyAdded':
    case 'UserPropertiesSet':
    case 'UserPropertyDeleted':
      evolveUserProperties(state.userProperties, event, state.journal);
      return;
    case 'ClientShared': {
      const { client_id, group_id, can_manage } = event.data;
      relate(state.clientShares, client_id, group_id, { can_manage });
      return;
    }
    case 'ClientUnshared':
      unrelate(state.clientShares, event.data.client_id, event.data.group_id);
      return;
    case 'ClientPropertyAdded':
    case 'ClientPropertiesSet':
    case 'ClientPropertyDeleted':
      evolveClientProperties(state.clientProperties, event, state.journal);
      return;
    case 'UserTabInstancesAdded':
    case 'UserTabInstanceRemoved':
      evolveTabInstances(state.tabInstances, event, state.journal);
      return;
    case 'GroupCreated':
    case 'GroupRenamed':
    case 'GroupDescriptionChanged':
    case 'GroupExternalIdChanged':
    case 'GroupPermissionsReplaced':
    case 'GroupDefaultTabsAdded':
    case 'GroupDeleted': {
      const id = event.data.group_id;
      const before = state.groups.get(id);
      const after = evolveGroup(before, event);
      replace(state.groups, id, after);
      reindex(state.groupByExternalId, id, before?.external_id, after?.external_id);
      if (after) return;
      unrelateOther(state.memberships, id);
      unrelateOther(state.clientShares, id);
      return;
    }
    default: {
      const id = event.data.user_id;
      const before = state.users.get(id);
      const after = evolveUser(before, event);
      if (!after) keepHoldings(state, id);
      replace(state.users, id, after);
      reindex(state.userByExternalId, id, before?.external_id, after?.external_id);
      reindex(state.userByEmail, id, before && emailKey(before.email), after && emailKey(after.email));
      if (event.type === 'UserPasswordSet' || event.type === 'UserEmailChanged' || !after)
        state.passwordTokens.delete(id);
      if (after) return;
      unrelateSubject(state.memberships, id);
      unrelateSubject(state.assignments, id);
      endProperties(state.userProperties, id);
      state.tabInstances.delete(id);
      state.mails.delete(id);
    }
  }
}

/** Keys that a user has made for others go on with what that user held last. */
function keepHoldings(state: AccountState, id: string): void {
  const holdings = holdingsOf(state, id);
  if (!holds(holdings, 'user.manage')) return;
  state.departed.set(id, holdings === 'everything' ? holdings : [...holdings]);
}

function allUsersGroup(id: string): Group {
  const description = 'All of the users in your company';
  const facts = { name: 'All Users', description, external_id: null, permissions: [], default_tabs: [] };
  return { id, ...facts, built_in: true };
}

function replace<V>(map: JournaledMap<V>, id: string, value: V | undefined): void {
  if (value === undefined) map.delete(id);
  else map.set(id, value);
}

function reindex(
  index: JournaledMap<string>,
  id: string,
  before: string | null | undefined,
  after: string | null | undefined,
): void {
  if (before === after) return;
  if (typeof before === 'string') index.delete(before);
  if (typeof after === 'string') index.set(after, id);
}
