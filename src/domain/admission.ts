import type { AccountState } from './account-state.js';
import type { SettingValue } from './client-settings.js';
import type { Command } from './aggregates.js';
import { emailRule } from './email-address.js';
import { EVERYTHING, newlyGiven } from './permissions.js';
import { Rejection, type RejectionCode } from './rejection.js';
import { externalIdRule, freeTextRule, hasHiddenEdge, nameRule, type TextRule } from './text.js';

/**
 * Refuses what breaks a rule of texts where a command newly writes it, before anything is looked up. Older logs hold
 * what would break one today: it stays, and may be sent again as it is.
 * @throws Rejection bad_request, invalid_email
 */
export function requireAdmissible(command: Command, state: AccountState): void {
  switch (command.type) {
    case 'OpenCompany': {
      const { name, admin } = command.data;
      requireName('name', name);
      requireName('admin.first_name', admin.first_name);
      requireName('admin.last_name', admin.last_name);
      requireEmail('admin.email', admin.email);
      requireName('key_name', admin.key_name);
      return;
    }
    case 'OpenClient': {
      const { name, description, custom_theme, external_id } = command.data;
      requireName('name', name);
      requireFreeText('description', description);
      requireName('custom_theme', custom_theme);
      requireExternalId(external_id);
      return;
    }
    case 'UpdateClient': {
      const { name, description, custom_theme, external_id } = command.data;
      const client = state.client.get('client');
      requireName('name', name, state.account.get('account')?.name);
      requireFreeText('description', description, client?.description);
      requireName('custom_theme', custom_theme, client?.custom_theme);
      requireExternalId(external_id, client?.external_id);
      return;
    }
    case 'UpdateAccount':
      requireName('name', command.data.name, state.account.get('account')?.name);
      return;
    case 'SetClientSettings':
      for (const [name, value] of Object.entries(command.data.settings))
        requireSetting(name, value, state.clientSettings.get(name));
      return;
    case 'CreateUser':
    case 'UpdateUser': {
      const { user_id, first_name, last_name, email, external_id } = command.data;
      const before = state.users.get(user_id);
      requireName('first_name', first_name, before?.first_name);
      requireName('last_name', last_name, before?.last_name);
      requireEmail('email', email, before?.email);
      requireExternalId(external_id, before?.external_id);
      return;
    }
    case 'ReplaceUserPermissions': {
      const { user_id, permissions } = command.data;
      requireTrimmedPermissions(permissions, state.users.get(user_id)?.permissions);
      return;
    }
    case 'IssueApiKey':
      requireName('name', command.data.name);
      return;
    case 'SetUserProperties':
      requireProperties(command.data.properties, state.userProperties, command.data.user_id);
      return;
    case 'SetClientProperties':
      requireProperties(command.data.properties, state.clientProperties, command.data.client_id);
      return;
    case 'AddUserTabInstances': {
      const { user_id, instances } = command.data;
      const own = state.tabInstances.get(user_id);
      for (const { tab_id } of instances) if (!own?.has(tab_id)) requireName('tab_ids', tab_id);
      return;
    }
    case 'CreateGroup':
    case 'UpdateGroup': {
      const { group_id, name, description, external_id, permissions } = command.data;
      const before = state.groups.get(group_id);
      requireName('name', name, before?.name);
      requireFreeText('description', description, before?.description);
      requireExternalId(external_id, before?.external_id);
      requirePermissions(newlyGiven(before?.permissions ?? [], permissions ?? []));
      return;
    }
    case 'AddGroupDefaultTabs': {
      const { group_id, tab_ids } = command.data;
      const known = new Set(state.groups.get(group_id)?.default_tabs);
      for (const tab_id of tab_ids) if (!known.has(tab_id)) requireName('tab_ids', tab_id);
      return;
    }
    case 'CreateRole':
    case 'UpdateRole': {
      const { role_id, name, description, permissions } = command.data;
      const before = state.roles.get(role_id);
      requireName('name', name, before?.name);
      requireFreeText('description', description, before?.description);
      requireTrimmedPermissions(permissions, before?.permissions);
      return;
    }
    case 'SetClientResources':
    case 'ExtendClientTrial':
    case 'EnableClientDirectBilling':
    case 'CloseClient':
    case 'DeleteUser':
    case 'RevokeApiKey':
    case 'DeleteUserProperty':
    case 'RemoveUserTabInstance':
    case 'RecordSignIn':
    case 'LockUser':
    case 'UnlockUser':
    case 'RequestMail':
    case 'ClaimMail':
    case 'DeferMail':
    case 'RecordMailSent':
    case 'GiveUpMail':
    case 'ResetPassword':
    case 'DeleteGroup':
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup':
    case 'RemoveRolePermissions':
    case 'DeleteRole':
    case 'AddUserToRole':
    case 'RemoveUserFromRole':
    case 'ShareClient':
    case 'UnshareClient':
    case 'DeleteClientProperty':
      return;
  }
}

type Text = string | null | undefined;

function require(rule: TextRule, code: RejectionCode = 'bad_request') {
  return (field: string, text: Text, before?: Text): void => {
    if (text === undefined || text === null || text === before || rule.isKeptBy(text)) return;
    throw new Rejection(code, `${field} must be ${rule.requirement}`);
  };
}

const requireName = require(nameRule);
const requireFreeText = require(freeTextRule);
const requireEmail = require(emailRule, 'invalid_email');
const requireKey = require(externalIdRule);

function requireExternalId(external_id: Text, before?: Text): void {
  requireKey('external_id', external_id, before);
}

function requireSetting(name: string, value: SettingValue | null, before: SettingValue | undefined): void {
  if (value === null || value === '') return;
  if (before === undefined) requireName('each name in settings', name);
  if (typeof value === 'string' && value !== before) requireFreeText('each text in settings', value);
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    throw new Rejection('bad_request', 'each number in settings must be one that JSON has');
}

function requireProperties(
  properties: Readonly<Record<string, string>>,
  known: { get(name: string): { get(owner: string): string | undefined } | undefined },
  owner: string,
): void {
  for (const [name, value] of Object.entries(properties)) {
    const values = known.get(name);
    if (!values) requireName('each name in properties', name);
    requireFreeText('each value in properties', value, values?.get(owner));
  }
}

/** X86: Admin's everything is no permission that could be given. */
function requirePermissions(added: readonly string[]): void {
  if (added.includes(EVERYTHING))
    throw new Rejection(
      'bad_request',
      'permissions must name each permission: * stands for what Admins hold, and cannot be given',
    );
}

function requireTrimmedPermissions(
  permissions: readonly string[] | undefined,
  before: readonly string[] = [],
): void {
  const added = newlyGiven(before, permissions ?? []);
  requirePermissions(added);
  if (added.some(hasHiddenEdge))
    throw new Rejection(
      'bad_request',
      'permissions must neither begin nor end with a blank or another character that cannot be seen',
    );
}
