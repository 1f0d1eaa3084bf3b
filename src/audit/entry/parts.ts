import type { AccountState } from '../../domain/account-state.js';
import type { DomainEvent } from '../../domain/aggregates.js';
import type { Change } from '../entry.js';
import type { NamesOfThen } from './names-of-then.js';
import type { Reference } from './subjects.js';

/** Changes of events that add to something, or take from it; undefined for those that replace fields as a whole. */
export function partOf(
  { type, data }: DomainEvent,
  references: readonly Reference[],
  before: AccountState,
  names: NamesOfThen,
): readonly Change[] | undefined {
  const one = (field: string, was: unknown, is: unknown): Change[] => [
    { field, before: was, after: is, of: 0 },
  ];
  switch (type) {
    case 'UserAddedToGroup':
      return pairOf(references, names, { can_edit: data.can_edit }).map(began);
    case 'UserRemovedFromGroup':
      return pairOf(references, names, before.memberships.get(data.user_id, data.group_id)).map(ended);
    case 'MembershipChanged': {
      const was = before.memberships.get(data.user_id, data.group_id)?.can_edit ?? null;
      return [{ field: 'can_edit', before: was, after: data.can_edit, of: null }];
    }
    case 'UserAddedToRole':
      return pairOf(references, names).map(began);
    case 'UserRemovedFromRole':
      return pairOf(references, names).map(ended);
    case 'ContactAssigned':
      return one(data.contact, before.account.get('account')?.contacts[data.contact] ?? null, data.user_id);
    case 'ApiKeyIssued':
      return one('keys', null, { id: data.key_id, name: data.name });
    case 'ApiKeyRevoked':
      return one('keys', { id: data.key_id, name: names.key(data.key_id) }, null);
    case 'UserLocked':
      return one('locked_until', before.signIns.get(data.user_id)?.locked_until ?? null, data.until);
    case 'UserUnlocked':
      return one('locked_until', before.signIns.get(data.user_id)?.locked_until ?? null, null);
    case 'UserPropertyAdded':
    case 'ClientPropertyAdded':
      return one('name', null, data.name);
    case 'UserPropertyDeleted':
    case 'ClientPropertyDeleted':
      return one('name', data.name, null);
    case 'GroupDefaultTabsAdded': {
      const tabs = before.defaultTabs.get(data.group_id) ?? [];
      return one('default_tabs', tabs, [...tabs, ...data.tab_ids]);
    }
    case 'UserTabInstancesAdded':
      return one('tab_instances', null, data.instances);
    case 'UserTabInstanceRemoved': {
      const { tab_instance_id } = data;
      const own = [...(before.tabInstances.get(data.user_id) ?? [])];
      const [tab_id = null] = own.find(([, id]) => id === tab_instance_id) ?? [];
      return one('tab_instances', [{ tab_instance_id, tab_id }], null);
    }
    case 'UserPropertiesSet': {
      const was = (name: string) => before.userProperties.get(name)?.get(data.user_id) ?? '';
      return one('properties', valuesBy(data.properties, was), data.properties);
    }
    case 'ClientPropertiesSet': {
      const was = (name: string) => before.clientProperties.get(name)?.get(data.client_id) ?? '';
      return one('properties', valuesBy(data.properties, was), data.properties);
    }
    case 'ClientResourcesSet': {
      const was = (name: string) => before.clientResources.get(name) ?? -1;
      return one('resources', valuesBy(data.resources, was), data.resources);
    }
    case 'ClientSettingsSet': {
      const was = (name: string) => before.clientSettings.get(name) ?? null;
      return one('settings', valuesBy(data.settings, was), data.settings);
    }
    case 'ClientShared':
    case 'ClientUnshared': {
      const was = before.clientShares.get(data.client_id, data.group_id)?.can_manage ?? null;
      const is = type === 'ClientShared' ? data.can_manage : null;
      return [{ field: 'can_manage', before: was, after: is, of: null }];
    }
    case 'ClientDirectBillingEnabled':
      return one('direct_billing', false, true);
    case 'ClientClosed':
      return one('status', before.client.get('client')?.status ?? null, null);
    case 'WebhookPaused':
      return one('status', 'active', 'paused');
    case 'WebhookResumed':
      return one('status', 'paused', 'active');
    case 'WebhookDisabled':
      return one('status', before.webhooks.get(data.webhook_id)?.status ?? null, 'disabled');
    case 'WebhookEnabled':
      return one('status', 'disabled', 'active');
    case 'WebhookWarned':
    case 'WebhookSecretRotated':
    case 'WebhookSecretSealed':
    case 'MailRequested':
    case 'MailClaimed':
    case 'MailDeferred':
    case 'MailSent':
    case 'MailGivenUp':
    case 'PasswordTokenIssued':
      return [];
    default:
      return undefined;
  }
}

/** One side of a pair, as the other one lists it. */
interface Side {
  readonly field: string;
  readonly other: object;
  readonly of: number;
}

/** A membership or an assignment on both of its sides. */
function pairOf([one, other]: readonly Reference[], names: NamesOfThen, more: object = {}): readonly Side[] {
  if (!one || !other) return [];
  const side = ({ type, id }: Reference) => ({
    field: `${type}s`,
    other: { id, name: names.before({ type, id }), ...more },
  });
  return [
    { ...side(other), of: 0 },
    { ...side(one), of: 1 },
  ];
}

function began({ field, other, of }: Side): Change {
  return { field, before: null, after: other, of };
}

function ended({ field, other, of }: Side): Change {
  return { field, before: other, after: null, of };
}

/** What the names of a change had before. */
function valuesBy(changed: object, was: (name: string) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(changed).map((name) => [name, was(name)]));
}
