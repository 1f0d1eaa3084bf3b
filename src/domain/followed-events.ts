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

/** The events that aggregates other than their own follow. */
export type FollowedEvent =
  CompanyOpened | ClientOpened | UserEmailChanged | UserDeleted | GroupDeleted | RoleDeleted;
