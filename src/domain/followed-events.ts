import type { ClientStatus } from './client-status.js';
import type { Event } from './event.js';

/** A company begins, with its group of all users. */
export type CompanyOpened = Event<'CompanyOpened', { name: string; all_users_group_id: string }>;
/** A client account of the company begins. */
export type ClientOpened = Event<
  'ClientOpened',
  {
    parent_id: string;
    name: string;
    description: string;
    status: ClientStatus;
    seats: number;
    external_id: string | null;
    custom_theme: string | null;
    all_users_group_id: string;
  }
>;
export type UserEmailChanged = Event<'UserEmailChanged', { user_id: string; email: string }>;
/**
 * The user is deleted and with it every membership, role, key, permission, property value, tab instance,
 * pending mail and password token of the user.
 */
export type UserDeleted = Event<'UserDeleted', { user_id: string }>;
/** The group is deleted and with it every membership in it, its default tabs and its share rights. */
export type GroupDeleted = Event<'GroupDeleted', { group_id: string }>;

/** The role is deleted and with it every assignment of it. */
export type RoleDeleted = Event<'RoleDeleted', { role_id: string }>;

/**
 * A deleted user is back under its id, with all that came back. The password that it had last is valid again, and it was
 * created and signed in when it was before; its keys, tokens and mails stay ended.
 */
export type UserRestored = Event<
  'UserRestored',
  {
    user_id: string;
    first_name: string;
    last_name: string;
    email: string;
    external_id: string | null;
    permissions: readonly string[];
    roles: readonly string[];
    memberships: readonly { readonly group_id: string; readonly can_edit: boolean }[];
    properties: Readonly<Record<string, string>>;
    tab_instances: readonly { readonly tab_instance_id: string; readonly tab_id: string }[];
  }
>;
/** A deleted group is back under its id, with all that came back. */
export type GroupRestored = Event<
  'GroupRestored',
  {
    group_id: string;
    name: string;
    description: string;
    external_id: string | null;
    permissions: readonly string[];
    memberships: readonly { readonly user_id: string; readonly can_edit: boolean }[];
    default_tabs: readonly string[];
    share_rights: readonly { readonly client_id: string; readonly can_manage: boolean }[];
  }
>;
/** A deleted role is back under its id, with its holders. */
export type RoleRestored = Event<
  'RoleRestored',
  {
    role_id: string;
    name: string;
    description: string;
    permissions: readonly string[];
    users: readonly string[];
  }
>;

/** The events that aggregates other than their own follow. */
export type FollowedEvent =
  | (CompanyOpened | ClientOpened | UserEmailChanged)
  | (UserDeleted | GroupDeleted | RoleDeleted)
  | (UserRestored | GroupRestored | RoleRestored);
