import type { DomainEvent } from '../../../domain/aggregates.js';
import type { OwnEventType } from '../own-event.js';
import { kind, type OcsfKind, type Severity } from './ocsf-classes.js';

type Data = Readonly<Record<string, unknown>>;
type Kinds<Type extends string> = Readonly<Record<Type, OcsfKind | ((data: Data) => OcsfKind)>>;

const severity = (of: Severity) => ({ severity: of });
const [low, medium, high] = [severity('Low'), severity('Medium'), severity('High')];

const hasAny = ({ permissions }: Data) => !Array.isArray(permissions) || permissions.length > 0;
const privileges = (name: 'access' | 'group') => (data: Data) =>
  kind(name, hasAny(data) ? 'Assign Privileges' : 'Revoke Privileges', low);
const ofClient = { updated: kind('entity', 'Update'), closed: kind('entity', 'Delete', medium) };

/** What each event of the log is in OCSF. */
export const ofLog: Partial<Kinds<DomainEvent['type']>> = {
  UserCreated: kind('account', 'Create'),
  UserRestored: kind('account', 'Create', low),
  UserRenamed: kind('account', 'Other'),
  UserEmailChanged: kind('account', 'Other', low),
  UserExternalIdChanged: kind('account', 'Other'),
  UserPropertiesSet: kind('account', 'Other'),
  UserTabInstancesAdded: kind('account', 'Other'),
  UserTabInstanceRemoved: kind('account', 'Other'),
  UserPasswordSet: kind('account', 'Password Change', low),
  PasswordTokenIssued: kind('account', 'Password Reset', low),
  ApiKeyIssued: kind('account', 'Other', low),
  ApiKeyRevoked: kind('account', 'Other', low),
  UserLocked: kind('account', 'Lock', medium),
  UserUnlocked: kind('account', 'Unlock', low),
  UserDeleted: kind('account', 'Delete', low),
  UserSignedIn: kind('authentication', 'Logon'),
  UserPermissionsReplaced: privileges('access'),
  UserAddedToRole: kind('access', 'Assign Privileges', low),
  UserRemovedFromRole: kind('access', 'Revoke Privileges', low),
  GroupCreated: kind('group', 'Create'),
  GroupRestored: kind('group', 'Create', low),
  GroupRenamed: kind('group', 'Other'),
  GroupDescriptionChanged: kind('group', 'Other'),
  GroupExternalIdChanged: kind('group', 'Other'),
  GroupDefaultTabsAdded: kind('group', 'Other'),
  GroupPermissionsReplaced: privileges('group'),
  GroupDeleted: kind('group', 'Delete', low),
  UserAddedToGroup: kind('group', 'Add User'),
  MembershipChanged: kind('group', 'Other'),
  UserRemovedFromGroup: kind('group', 'Remove User'),
  ClientShared: kind('group', 'Assign Privileges', low),
  ClientUnshared: kind('group', 'Revoke Privileges', low),
  RoleCreated: kind('entity', 'Create'),
  RoleRestored: kind('entity', 'Create', low),
  RoleRenamed: kind('entity', 'Move'),
  RoleDescriptionChanged: kind('entity', 'Update'),
  RolePermissionsReplaced: kind('entity', 'Update', low),
  RoleDeleted: kind('entity', 'Delete', low),
  CompanyOpened: kind('entity', 'Create'),
  AccountRenamed: kind('entity', 'Move'),
  ContactAssigned: kind('entity', 'Update', medium),
  ClientOpened: kind('entity', 'Create'),
  ClientClosed: ofClient.closed,
  ClientStatusChanged: ({ status }) =>
    kind('entity', status === 'disabled' ? 'Disable' : status === 'active' ? 'Enable' : 'Update', low),
  ClientDescriptionChanged: ofClient.updated,
  ClientSeatsChanged: ofClient.updated,
  ClientExternalIdChanged: ofClient.updated,
  ClientThemeChanged: ofClient.updated,
  ClientResourcesSet: ofClient.updated,
  ClientSettingsSet: ofClient.updated,
  ClientTrialExtended: ofClient.updated,
  ClientDirectBillingEnabled: ofClient.updated,
  ClientPropertiesSet: ofClient.updated,
  UserPropertyAdded: kind('entity', 'Create'),
  UserPropertyDeleted: kind('entity', 'Delete'),
  ClientPropertyAdded: kind('entity', 'Create'),
  ClientPropertyDeleted: kind('entity', 'Delete'),
  MailRequested: kind('entity', 'Create'),
  MailClaimed: kind('entity', 'Other'),
  MailDeferred: kind('entity', 'Other', { ...low, isFailure: true }),
  MailSent: kind('entity', 'Other'),
  MailGivenUp: kind('entity', 'Other', { ...low, isFailure: true }),
  WebhookCreated: kind('entity', 'Create', medium),
  WebhookChanged: kind('entity', 'Update', medium),
  WebhookDeleted: kind('entity', 'Delete', medium),
  WebhookSecretRotated: kind('entity', 'Update', low),
  WebhookSecretSealed: kind('entity', 'Update', low),
  WebhookPaused: kind('entity', 'Suspend', low),
  WebhookResumed: kind('entity', 'Resume', low),
  WebhookWarned: kind('entity', 'Other', { ...medium, isFailure: true }),
  WebhookDisabled: kind('entity', 'Disable', high),
  WebhookEnabled: kind('entity', 'Enable', low),
};

const ofSender: Kinds<OwnEventType> = {
  WebhookTest: kind('entity', 'Other'),
  WebhookVerified: kind('entity', 'Other'),
};

const kinds: Readonly<Record<string, OcsfKind | ((data: Data) => OcsfKind)>> = { ...ofLog, ...ofSender };

const unnamed = kind('entity', 'Other');

/** What an event is in OCSF. One without a row here is something else that happened to an entity. */
export function kindOf(type: string, data: Data): OcsfKind {
  const found = kinds[type] ?? unnamed;
  return typeof found === 'function' ? found(data) : found;
}
