import type { DomainEvent } from '../../domain/aggregates.js';
import { accountHandlers, accounts } from './accounts.js';
import { apiKeyHandlers, apiKeys } from './api-keys.js';
import { assignmentHandlers, assignments } from './assignments.js';
import { clientProperties, clientPropertyHandlers } from './client-properties.js';
import { clientResourceHandlers, clientResources } from './client-resources.js';
import { clientSettingHandlers, clientSettings } from './client-settings.js';
import { clientShareHandlers, clientShares } from './client-shares.js';
import { defaultTabHandlers, defaultTabs } from './default-tabs.js';
import { groupHandlers, groups } from './groups.js';
import type { EventContext, Writers } from './handlers.js';
import { individualPermissionHandlers, individualPermissions } from './individual-permissions.js';
import { lastSignInHandlers, lastSignIns } from './last-sign-ins.js';
import { mailHandlers, mails } from './mails.js';
import { membershipHandlers, memberships } from './memberships.js';
import { passwordTokenHandlers, passwordTokens } from './password-tokens.js';
import { passwordHandlers, passwords } from './passwords.js';
import { roleHandlers, roles } from './roles.js';
import { tabInstanceHandlers, tabInstances } from './tab-instances.js';
import { userHandlers, users } from './users.js';
import { userProperties, userPropertyHandlers } from './user-properties.js';
import { webhookHandlers, webhooks } from './webhooks.js';

/** Every system-versioned table. */
export const versionedTables = [
  ...[accounts, users, groups, defaultTabs, memberships, roles, assignments],
  ...[passwords, apiKeys, individualPermissions, passwordTokens, tabInstances, mails],
  ...[clientResources, clientSettings, clientShares, lastSignIns, webhooks],
  ...[userProperties.names, userProperties.values, clientProperties.names, clientProperties.values],
];

/** The handlers of the tables, in the order in which they take an event. */
const tableHandlers = [
  ...([accountHandlers, userHandlers, groupHandlers, defaultTabHandlers, membershipHandlers] as const),
  ...([roleHandlers, assignmentHandlers, passwordHandlers, apiKeyHandlers] as const),
  ...([individualPermissionHandlers, passwordTokenHandlers, tabInstanceHandlers, mailHandlers] as const),
  ...([clientResourceHandlers, clientSettingHandlers, clientShareHandlers, lastSignInHandlers] as const),
  ...([userPropertyHandlers, clientPropertyHandlers, webhookHandlers] as const),
] as const;

type KeysOf<One> = One extends unknown ? keyof One : never;
type Handled = KeysOf<ReturnType<(typeof tableHandlers)[number]>>;

/** The events that change no table. */
type InNoTable = never;

/** Does not compile when an event is in no table and not listed above. */
export type Unhandled<Type extends never = Exclude<Exclude<DomainEvent['type'], Handled>, InNoTable>> = Type;

export type Handler = (data: DomainEvent['data'], at: EventContext) => void;

/** The handlers of every table by the type of event. */
export function handlersOf(writers: Writers): ReadonlyMap<string, readonly Handler[]> {
  const handlers = new Map<string, Handler[]>();
  for (const table of tableHandlers)
    for (const [type, handler] of Object.entries(table(writers)) as [string, Handler][])
      handlers.set(type, [...(handlers.get(type) ?? []), handler]);
  return handlers;
}
