import { CloseClient, OpenClient, UpdateClient } from '../../src/domain/client.js';
import { EnableClientDirectBilling, ExtendClientTrial } from '../../src/domain/client-billing.js';
import { SetClientResources } from '../../src/domain/client-resources.js';
import { OpenCompany, UpdateAccount } from '../../src/domain/account.js';
import { DeleteClientProperty, SetClientProperties } from '../../src/domain/client-properties.js';
import { SetClientSettings } from '../../src/domain/client-settings.js';
import { ShareClient, UnshareClient } from '../../src/domain/client-shares.js';
import type { Command } from '../../src/domain/aggregates.js';
import { AddGroupDefaultTabs } from '../../src/domain/default-tabs.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../src/domain/group.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { AddUserToRole, RemoveUserFromRole } from '../../src/domain/assignment.js';
import { CreateRole, DeleteRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import { ClaimMail, DeferMail, GiveUpMail, RecordMailSent, RequestMail } from '../../src/domain/mail.js';
import { RestoreGroup } from '../../src/domain/group-restoration.js';
import { RestoreUserProperty } from '../../src/domain/property-restoration.js';
import { RestoreRole } from '../../src/domain/role-restoration.js';
import { RestoreUser } from '../../src/domain/user-restoration.js';
import { RevertCommand } from '../../src/domain/revert.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { ResetPassword } from '../../src/domain/password-tokens.js';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../src/domain/tab-instances.js';
import { LockUser, RecordSignIn, UnlockUser } from '../../src/domain/sign-in.js';
import { CreateUser, ReplaceUserPermissions, UpdateUser } from '../../src/domain/user.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
import { IssueApiKey, RevokeApiKey } from '../../src/domain/api-key.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import { ChangeWebhook, CreateWebhook, DeleteWebhook } from '../../src/domain/webhook.js';
import { ResealWebhook, RotateWebhookSecret } from '../../src/domain/webhook-secrets.js';
import { DisableWebhook, PauseWebhook, ResumeWebhook, WarnWebhook } from '../../src/domain/webhook-status.js';
import { webhookFacts } from '../support/webhooks.js';
import { ACME, ALL_USERS } from '../support/domain.js';

type Sample = (meta: CommandMeta, account: string) => Command;

const id = { user_id: 'nobody', client_id: 'globex', group_id: 'none', role_id: 'none', key_id: 'none' };
const name = { name: 'N', description: '', external_id: null };
const person = { ...id, first_name: 'F', last_name: 'L', email: 'f@x.example', external_id: null };
const mail = { ...id, mail_id: 'none', attempt: 1, reason: '550', until: '1', now: '0' };
const token = { token_hash: 'h', expires: '1' };
const hashes = { password_hash: null, key_hash: 'h', key_name: 'k' };
const site = { ...name, parent_id: ACME, status: 'active', seats: -1, custom_theme: null } as const;
const all_users_group_id = ALL_USERS;
const hook = { webhook_id: 'none' };
const sealed = { sealed_secret: 's', sealed_headers: {} };
/** A webhook sends the log elsewhere: it takes both. */
const forWebhooks = 'account.settings audit.read';

/** One command of every type with the permissions it asks for; null: not for users at all, or only for the one it is about. */
export const samples: { readonly [Type in Command['type']]: readonly [string | null, Sample] } = {
  OpenCompany: [
    null,
    (meta, to) => new OpenCompany(to, { ...name, all_users_group_id, admin: { ...person, ...hashes } }, meta),
  ],
  OpenClient: ['client.build', (meta, to) => new OpenClient(to, { ...site, all_users_group_id }, meta)],
  UpdateAccount: ['account.settings', (meta, to) => new UpdateAccount(to, { name: 'N' }, meta)],
  UpdateClient: ['client.edit', (meta, to) => new UpdateClient(to, { seats: 3 }, meta)],
  SetClientResources: ['client.edit', (meta, to) => new SetClientResources(to, { resources: {} }, meta)],
  SetClientSettings: ['client.edit', (meta, to) => new SetClientSettings(to, { settings: {} }, meta)],
  ExtendClientTrial: ['client.edit', (meta, to) => new ExtendClientTrial(to, { now: '0' }, meta)],
  EnableClientDirectBilling: ['client.edit', (meta, to) => new EnableClientDirectBilling(to, {}, meta)],
  CloseClient: ['client.delete', (meta, to) => new CloseClient(to, {}, meta)],
  CreateUser: [
    'user.manage',
    (meta, to) => new CreateUser(to, { ...person, password_hash: null, roles: [] }, meta),
  ],
  UpdateUser: ['user.manage', (meta, to) => new UpdateUser(to, id, meta)],
  DeleteUser: ['user.manage', (meta, to) => new DeleteUser(to, id, meta)],
  RestoreUser: ['user.manage', (meta, to) => new RestoreUser(to, id, meta)],
  RestoreGroup: ['user.manage', (meta, to) => new RestoreGroup(to, id, meta)],
  RestoreRole: ['user.manage', (meta, to) => new RestoreRole(to, id, meta)],
  RevertCommand: ['audit.read', (meta, to) => new RevertCommand(to, { steps: [] }, meta)],
  ReplaceUserPermissions: [
    'user.manage',
    (meta, to) => new ReplaceUserPermissions(to, { ...id, permissions: [] }, meta),
  ],
  IssueApiKey: ['user.manage', (meta, to) => new IssueApiKey(to, { ...id, name: 'k', key_hash: 'h' }, meta)],
  RevokeApiKey: ['user.manage', (meta, to) => new RevokeApiKey(to, id, meta)],
  SetUserProperties: [
    'user.manage',
    (meta, to) => new SetUserProperties(to, { ...id, properties: {} }, meta),
  ],
  DeleteUserProperty: [
    'user.manage',
    (meta, to) => new DeleteUserProperty(to, { ...id, name: 'none' }, meta),
  ],
  RestoreUserProperty: ['user.manage', (meta, to) => new RestoreUserProperty(to, { name: 'none' }, meta)],
  AddUserTabInstances: [
    'user.manage',
    (meta, to) => new AddUserTabInstances(to, { ...id, instances: [] }, meta),
  ],
  RemoveUserTabInstance: [
    'user.manage',
    (meta, to) => new RemoveUserTabInstance(to, { ...id, tab_instance_id: 'none' }, meta),
  ],
  RecordSignIn: [null, (meta, to) => new RecordSignIn(to, { ...id, sign_ins: 0 }, meta)],
  LockUser: [null, (meta, to) => new LockUser(to, { ...id, until: '1', now: '0' }, meta)],
  UnlockUser: ['user.manage', (meta, to) => new UnlockUser(to, { ...id, now: '0' }, meta)],
  RequestMail: ['user.manage', (meta, to) => new RequestMail(to, { ...mail, kind: 'invitation' }, meta)],
  ClaimMail: [null, (meta, to) => new ClaimMail(to, { ...mail, ...token }, meta)],
  DeferMail: [null, (meta, to) => new DeferMail(to, mail, meta)],
  RecordMailSent: [null, (meta, to) => new RecordMailSent(to, mail, meta)],
  GiveUpMail: [null, (meta, to) => new GiveUpMail(to, mail, meta)],
  ResetPassword: [
    null,
    (meta, to) => new ResetPassword(to, { ...id, ...token, password_hash: 'h', now: '0' }, meta),
  ],
  CreateGroup: ['user.manage', (meta, to) => new CreateGroup(to, { ...id, ...name, permissions: [] }, meta)],
  UpdateGroup: ['user.manage', (meta, to) => new UpdateGroup(to, id, meta)],
  DeleteGroup: ['user.manage', (meta, to) => new DeleteGroup(to, id, meta)],
  AddUserToGroup: ['user.manage', (meta, to) => new AddUserToGroup(to, id, meta)],
  RemoveUserFromGroup: ['user.manage', (meta, to) => new RemoveUserFromGroup(to, id, meta)],
  AddGroupDefaultTabs: [
    'user.manage',
    (meta, to) => new AddGroupDefaultTabs(to, { ...id, tab_ids: ['t'] }, meta),
  ],
  CreateRole: ['user.manage', (meta, to) => new CreateRole(to, { ...id, ...name, permissions: [] }, meta)],
  UpdateRole: ['user.manage', (meta, to) => new UpdateRole(to, id, meta)],
  RemoveRolePermissions: [
    'user.manage',
    (meta, to) => new RemoveRolePermissions(to, { ...id, permissions: ['a'] }, meta),
  ],
  DeleteRole: ['user.manage', (meta, to) => new DeleteRole(to, id, meta)],
  AddUserToRole: ['user.manage', (meta, to) => new AddUserToRole(to, id, meta)],
  RemoveUserFromRole: ['user.manage', (meta, to) => new RemoveUserFromRole(to, id, meta)],
  ShareClient: ['client.share', (meta, to) => new ShareClient(to, { ...id, shares: [] }, meta)],
  UnshareClient: ['client.share', (meta, to) => new UnshareClient(to, id, meta)],
  SetClientProperties: [
    'client.edit',
    (meta, to) => new SetClientProperties(to, { ...id, properties: {} }, meta),
  ],
  DeleteClientProperty: [
    'client.edit',
    (meta, to) => new DeleteClientProperty(to, { ...id, name: 'none' }, meta),
  ],
  CreateWebhook: [
    forWebhooks,
    (meta, to) => new CreateWebhook(to, { ...hook, facts: webhookFacts(), ...sealed }, meta),
  ],
  ChangeWebhook: [forWebhooks, (meta, to) => new ChangeWebhook(to, { ...hook, facts: {} }, meta)],
  DeleteWebhook: [forWebhooks, (meta, to) => new DeleteWebhook(to, hook, meta)],
  PauseWebhook: [forWebhooks, (meta, to) => new PauseWebhook(to, hook, meta)],
  ResumeWebhook: [forWebhooks, (meta, to) => new ResumeWebhook(to, hook, meta)],
  RotateWebhookSecret: [
    forWebhooks,
    (meta, to) =>
      new RotateWebhookSecret(to, { ...hook, sealed_secret: 's', former_until: '1', now: '0' }, meta),
  ],
  ResealWebhook: [null, (meta, to) => new ResealWebhook(to, { ...hook, resealed: {} }, meta)],
  DisableWebhook: [null, (meta, to) => new DisableWebhook(to, { ...hook, reason: 'gone', after: 0 }, meta)],
  WarnWebhook: [
    null,
    (meta, to) =>
      new WarnWebhook(to, { ...hook, percent: 50, event_id: 'acme/1', attempts: 5, error: '500' }, meta),
  ],
};
export const rows = Object.entries(samples).map(([type, [permission, sample]]) => ({
  type,
  permission,
  sample,
}));
/** Commands about a client account as such, in its own stream. */
export const overClients = rows.filter(({ type }) =>
  [
    ...['UpdateClient', 'SetClientResources', 'SetClientSettings'],
    ...['ExtendClientTrial', 'EnableClientDirectBilling', 'CloseClient'],
  ].includes(type),
);
