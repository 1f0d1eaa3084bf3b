import type { DomainEvent } from './account-state.js';

type DataOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>['data'];

interface Entry<Data> {
  /** The version written today; a new shape is a new version with an upcaster. */
  readonly version: number;
  /** Fields that tell something of a person. */
  readonly personal: readonly (keyof Data)[];
  /** Fields that never leave the service: not in the audit log, the feed, webhooks, logs or errors. */
  readonly secret: readonly (keyof Data)[];
}

/** Every event type with its current version and its personal and secret fields. */
export const eventCatalogue: { readonly [Type in DomainEvent['type']]: Entry<DataOf<Type>> } = {
  CompanyOpened: { version: 1, personal: [], secret: [] },
  ClientOpened: { version: 1, personal: [], secret: [] },
  AccountRenamed: { version: 1, personal: [], secret: [] },
  ContactAssigned: { version: 1, personal: [], secret: [] },
  ClientDescriptionChanged: { version: 1, personal: [], secret: [] },
  ClientStatusChanged: { version: 1, personal: [], secret: [] },
  ClientSeatsChanged: { version: 1, personal: [], secret: [] },
  ClientExternalIdChanged: { version: 1, personal: [], secret: [] },
  ClientThemeChanged: { version: 1, personal: [], secret: [] },
  ClientResourcesSet: { version: 1, personal: [], secret: [] },
  ClientSettingsSet: { version: 1, personal: [], secret: [] },
  ClientTrialExtended: { version: 1, personal: [], secret: [] },
  ClientDirectBillingEnabled: { version: 1, personal: [], secret: [] },
  ClientClosed: { version: 1, personal: [], secret: [] },
  UserCreated: { version: 1, personal: ['first_name', 'last_name', 'email', 'external_id'], secret: [] },
  UserRenamed: { version: 1, personal: ['first_name', 'last_name'], secret: [] },
  UserEmailChanged: { version: 1, personal: ['email'], secret: [] },
  UserExternalIdChanged: { version: 1, personal: ['external_id'], secret: [] },
  UserPasswordSet: { version: 1, personal: [], secret: ['password_hash'] },
  UserPermissionsReplaced: { version: 1, personal: [], secret: [] },
  ApiKeyIssued: { version: 2, personal: [], secret: ['key_hash'] },
  ApiKeyRevoked: { version: 1, personal: [], secret: [] },
  UserSignedIn: { version: 1, personal: [], secret: [] },
  UserLocked: { version: 1, personal: [], secret: [] },
  UserUnlocked: { version: 1, personal: [], secret: [] },
  MailRequested: { version: 1, personal: [], secret: [] },
  MailClaimed: { version: 1, personal: [], secret: [] },
  MailDeferred: { version: 1, personal: [], secret: [] },
  MailSent: { version: 1, personal: [], secret: [] },
  MailGivenUp: { version: 1, personal: [], secret: [] },
  PasswordTokenIssued: { version: 1, personal: [], secret: ['token_hash'] },
  UserDeleted: { version: 1, personal: [], secret: [] },
  UserPropertyAdded: { version: 1, personal: [], secret: [] },
  UserPropertiesSet: { version: 1, personal: ['properties'], secret: [] },
  UserPropertyDeleted: { version: 1, personal: [], secret: [] },
  UserTabInstancesAdded: { version: 1, personal: [], secret: [] },
  UserTabInstanceRemoved: { version: 1, personal: [], secret: [] },
  GroupCreated: { version: 1, personal: [], secret: [] },
  GroupRenamed: { version: 1, personal: [], secret: [] },
  GroupDescriptionChanged: { version: 1, personal: [], secret: [] },
  GroupExternalIdChanged: { version: 1, personal: [], secret: [] },
  GroupPermissionsReplaced: { version: 1, personal: [], secret: [] },
  GroupDefaultTabsAdded: { version: 1, personal: [], secret: [] },
  GroupDeleted: { version: 1, personal: [], secret: [] },
  UserAddedToGroup: { version: 1, personal: [], secret: [] },
  MembershipChanged: { version: 1, personal: [], secret: [] },
  UserRemovedFromGroup: { version: 1, personal: [], secret: [] },
  RoleCreated: { version: 1, personal: [], secret: [] },
  RoleRenamed: { version: 1, personal: [], secret: [] },
  RoleDescriptionChanged: { version: 1, personal: [], secret: [] },
  RolePermissionsReplaced: { version: 1, personal: [], secret: [] },
  RoleDeleted: { version: 1, personal: [], secret: [] },
  UserAddedToRole: { version: 1, personal: [], secret: [] },
  UserRemovedFromRole: { version: 1, personal: [], secret: [] },
  ClientShared: { version: 1, personal: [], secret: [] },
  ClientUnshared: { version: 1, personal: [], secret: [] },
  ClientPropertyAdded: { version: 1, personal: [], secret: [] },
  ClientPropertiesSet: { version: 1, personal: [], secret: [] },
  ClientPropertyDeleted: { version: 1, personal: [], secret: [] },
};

export function isEventType(type: string): type is DomainEvent['type'] {
  return Object.hasOwn(eventCatalogue, type);
}
