import { account } from './account.js';
import { apiKeys } from './api-key.js';
import { assignment } from './assignment.js';
import { client } from './client.js';
import { clientBilling } from './client-billing.js';
import { clientProperties } from './client-properties.js';
import { clientResources } from './client-resources.js';
import { clientSettings } from './client-settings.js';
import { clientShares } from './client-shares.js';
import { defaultTabs } from './default-tabs.js';
import { group } from './group.js';
import { groupRestoration } from './group-restoration.js';
import { mail } from './mail.js';
import { membership } from './membership.js';
import { passwordTokens } from './password-tokens.js';
import { propertyRestoration } from './property-restoration.js';
import { revert } from './revert.js';
import { role } from './role.js';
import { roleRestoration } from './role-restoration.js';
import { signIn } from './sign-in.js';
import { tabInstances } from './tab-instances.js';
import { user } from './user.js';
import { userDeletion } from './user-deletion.js';
import { userRestoration } from './user-restoration.js';
import { userProperties } from './user-properties.js';
import { webhooks } from './webhook.js';
import { webhookSecrets } from './webhook-secrets.js';
import { webhookStatus } from './webhook-status.js';

/** The aggregates of an account, in the order in which a snapshot holds them. */
export const aggregates = [
  ...([account, client, clientBilling, clientResources, clientSettings] as const),
  ...([role, group, defaultTabs, user, userDeletion, apiKeys, signIn, membership, assignment] as const),
  ...([userProperties, tabInstances, mail, passwordTokens, clientShares, clientProperties] as const),
  ...([userRestoration, groupRestoration, roleRestoration, propertyRestoration, revert] as const),
  ...([webhooks, webhookStatus, webhookSecrets] as const),
] as const;

type Aggregates = (typeof aggregates)[number];

type Entries<Manifest> = Manifest extends { readonly commands: infer All } ? All[keyof All] : never;
type InstanceOf<Entry> = Entry extends { readonly class: new (...parameters: never[]) => infer Instance }
  ? Instance
  : never;
type RecordedBy<Manifest> = Manifest extends {
  evolve(state: never, record: { readonly event: infer Recorded }): void;
}
  ? Recorded
  : never;

/** Whatever can be asked of an account. */
export type Command = InstanceOf<Entries<Aggregates>>;
/** Whatever can happen in an account. */
export type DomainEvent = RecordedBy<Aggregates>;
