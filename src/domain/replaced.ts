import type { AccountState } from './account-state.js';
import type { Command } from './aggregates.js';

/** What a command would replace, as it is at present: JSON; null for nothing. */
export function replacedBy(command: Command, state: AccountState): unknown {
  const { type, data } = command;
  switch (type) {
    case 'UpdateUser':
      return fieldsOf(state.users.get(data.user_id), data);
    case 'UpdateGroup':
      return fieldsOf(state.groups.get(data.group_id), data);
    case 'UpdateRole':
      return fieldsOf(state.roles.get(data.role_id), data);
    case 'ReplaceUserPermissions':
      return fieldsOf(state.users.get(data.user_id), data);
    case 'AddUserToGroup':
    case 'RemoveUserFromGroup':
      return state.memberships.get(data.user_id, data.group_id)?.can_edit ?? null;
    case 'AddUserToRole':
    case 'RemoveUserFromRole':
      return state.assignments.get(data.user_id, data.role_id) ?? null;
    case 'ShareClient':
      return data.shares.map(
        ({ group_id }) => state.clientShares.get(data.client_id, group_id)?.can_manage ?? null,
      );
    case 'UnshareClient':
      return state.clientShares.get(data.client_id, data.group_id)?.can_manage ?? null;
    case 'SetUserProperties':
      return Object.keys(data.properties).map((name) => {
        const values = state.userProperties.get(name);
        return values ? (values.get(data.user_id) ?? '') : null;
      });
    case 'DeleteUserProperty':
    case 'RestoreUserProperty': {
      const values = state.userProperties.get(data.name);
      return values ? [...values.keys()].sort() : null;
    }
    case 'AddUserTabInstances': {
      const own = state.tabInstances.get(data.user_id);
      return data.instances.map(({ tab_id }) => own?.get(tab_id) ?? null);
    }
    case 'RemoveUserTabInstance': {
      const own = [...(state.tabInstances.get(data.user_id) ?? [])];
      return own.some(([, id]) => id === data.tab_instance_id);
    }
    case 'RestoreUser':
      return state.users.has(data.user_id);
    case 'RestoreGroup':
      return state.groups.has(data.group_id);
    case 'RestoreRole':
      return state.roles.has(data.role_id);
    default:
      return null;
  }
}

/** The fields that a command names, in its order, besides ids. */
function fieldsOf(self: object | undefined, data: object): unknown {
  if (!self) return null;
  const known: Readonly<Record<string, unknown>> = { ...self };
  return Object.keys(data)
    .filter((field) => field === 'external_id' || !field.endsWith('_id'))
    .map((field) => known[field] ?? null);
}
