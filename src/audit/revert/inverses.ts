import type { DomainEvent } from '../../domain/aggregates.js';
import type { CommandMeta } from '../../domain/command.js';
import { Rejection } from '../../domain/rejection.js';
import type { RevertStep } from '../../domain/revert.js';
import { groupInverses } from './group-inverses.js';
import type { Inverse } from './inverse.js';
import type { Revertible } from './revertible.js';
import { roleInverses } from './role-inverses.js';
import { userInverses } from './user-inverses.js';

/** What takes each type of event back. */
const known = { ...userInverses, ...groupInverses, ...roleInverses };

export type RevertibleType = keyof typeof known;

/** The types of events that have an inverse. */
export const revertible = Object.keys(known) as RevertibleType[];

/** What an event without an inverse is about. */
export const withoutInverse: { readonly [Type in Exclude<DomainEvent['type'], RevertibleType>]?: string } = {
  CompanyOpened: 'a creation',
  UserCreated: 'a creation',
  GroupCreated: 'a creation',
  RoleCreated: 'a creation',
  GroupDefaultTabsAdded: 'a default tab, which nothing takes away',
  UserRestored: 'a restoration, which a deletion ends',
  GroupRestored: 'a restoration, which a deletion ends',
  RoleRestored: 'a restoration, which a deletion ends',
  UserPasswordSet: 'a password',
  PasswordTokenIssued: 'a password',
  ApiKeyIssued: 'a key',
  ApiKeyRevoked: 'a key',
  UserSignedIn: 'a sign-in',
  UserLocked: 'a sign-in',
  UserUnlocked: 'a sign-in',
  MailRequested: 'a mail',
  MailClaimed: 'a mail',
  MailDeferred: 'a mail',
  MailSent: 'a mail',
  MailGivenUp: 'a mail',
  ContactAssigned: 'a contact',
  AccountRenamed: 'a setting',
  ClientOpened: 'a client',
  ClientClosed: 'a client',
  ClientDescriptionChanged: 'a client',
  ClientStatusChanged: 'a client',
  ClientSeatsChanged: 'a client',
  ClientExternalIdChanged: 'a client',
  ClientThemeChanged: 'a client',
  ClientResourcesSet: 'a client',
  ClientSettingsSet: 'a client',
  ClientTrialExtended: 'a client',
  ClientDirectBillingEnabled: 'a client',
  ClientPropertyAdded: 'a client',
  ClientPropertiesSet: 'a client',
  ClientPropertyDeleted: 'a client',
  WebhookCreated: 'a webhook',
  WebhookChanged: 'a webhook',
  WebhookDeleted: 'a webhook',
  WebhookSecretRotated: 'a webhook',
  WebhookSecretSealed: 'a webhook',
  WebhookPaused: 'a webhook',
  WebhookResumed: 'a webhook',
  WebhookWarned: 'a webhook',
  WebhookDisabled: 'a webhook',
  WebhookEnabled: 'a webhook',
};

const all: { readonly [Type in DomainEvent['type']]?: Inverse | string } = { ...known, ...withoutInverse };

/** @throws Rejection not_revertible */
export function inverseOf({ event, revision }: Revertible): Inverse {
  const inverse = all[event] ?? 'a change that nothing takes back';
  if (typeof inverse !== 'string') return inverse;
  throw new Rejection(
    'not_revertible',
    `${event}, revision ${revision}, cannot be taken back: it is about ${inverse}`,
  );
}

/**
 * What takes back a whole command, its last event first.
 * @throws Rejection not_revertible when one of its events has no inverse
 */
export function stepsBack(
  command: readonly Revertible[],
  account: string,
  meta: CommandMeta,
): readonly RevertStep[] {
  return [...command]
    .reverse()
    .flatMap((event) => inverseOf(event).steps({ ...event, account, meta, command }));
}
