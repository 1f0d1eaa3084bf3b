import { EVERYTHING, permissionCatalogue } from './permissions.js';

/** A role that needs no event to be there. */
export interface BuiltInRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: true;
}

const forAdminsOnly = /^(user|group|admin|audit|client)\.|^account\.(settings|tokens|usage)$/;

/** Holds every permission, also ones outside the catalogue; listed as the one permission `*`. */
export const adminRole: BuiltInRole = {
  id: 'a0000000000000000000000000000001',
  name: 'Admin',
  description: 'Every permission. An account with an admin keeps at least one.',
  permissions: [EVERYTHING],
  built_in: true,
};

const editorRole: BuiltInRole = {
  id: 'a0000000000000000000000000000002',
  name: 'Editor',
  description: 'Builds and shares content; manages no users, groups, roles or clients.',
  permissions: permissionCatalogue.filter((permission) => !forAdminsOnly.test(permission)),
  built_in: true,
};

const viewOnlyRole: BuiltInRole = {
  id: 'a0000000000000000000000000000003',
  name: 'View-Only',
  description: 'Looks at what is shared with it.',
  permissions: [
    'account.api_key',
    'account.profile',
    'dashboard.annotation.view',
    'dashboard.fullscreen',
    'dashboard.klip',
    'dashboard.tab',
  ],
  built_in: true,
};

/** The roles that exist in every account under the same ids; their holders are counted per account. */
export const builtInRoles: readonly BuiltInRole[] = [adminRole, editorRole, viewOnlyRole];
