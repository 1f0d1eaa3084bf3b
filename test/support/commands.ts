import { RestoreGroup } from '../../src/domain/group-restoration.js';
import { RestoreRole } from '../../src/domain/role-restoration.js';
import { RestoreUser } from '../../src/domain/user-restoration.js';
import { createHash } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { CloseClient, OpenClient, UpdateClient } from '../../src/domain/client.js';
import { EnableClientDirectBilling, ExtendClientTrial } from '../../src/domain/client-billing.js';
import { SetClientResources } from '../../src/domain/client-resources.js';
import { OpenCompany, UpdateAccount } from '../../src/domain/account.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { DeleteClientProperty, SetClientProperties } from '../../src/domain/client-properties.js';
import { ShareClient, UnshareClient } from '../../src/domain/client-shares.js';
import { SetClientSettings } from '../../src/domain/client-settings.js';
import { AddGroupDefaultTabs } from '../../src/domain/default-tabs.js';
import { CreateGroup, DeleteGroup, UpdateGroup } from '../../src/domain/group.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { AddUserToRole, RemoveUserFromRole } from '../../src/domain/assignment.js';
import { CreateRole, DeleteRole, RemoveRolePermissions, UpdateRole } from '../../src/domain/role.js';
import {
  ClaimMail,
  DeferMail,
  GiveUpMail,
  type LinkMail,
  RecordMailSent,
  RequestMail,
} from '../../src/domain/mail.js';
import type { Actor, CommandMeta, Credential } from '../../src/domain/command.js';
import { credentialOf } from './credential.js';
import { ResetPassword } from '../../src/domain/password-tokens.js';
import { AddUserTabInstances, RemoveUserTabInstance } from '../../src/domain/tab-instances.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import { LockUser, RecordSignIn, UnlockUser } from '../../src/domain/sign-in.js';
import { CreateUser, ReplaceUserPermissions, UpdateUser } from '../../src/domain/user.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
import { IssueApiKey, RevokeApiKey } from '../../src/domain/api-key.js';

export const ADMIN = adminRole.id;

/** Tells the commands of one process from those of another. */
const origin = randomUUID();
let made = 0;

/** An address for an id, whatever is in it. */
function mailbox(id: string): string {
  const isName = /^[\w-]{1,60}$/.test(id);
  return `${isName ? id : createHash('md5').update(id).digest('hex')}@x.example`;
}

/** Makes commands for one account, sent by the operator until `by` names somebody. Every command has an id of its own. */
export class CommandsFor {
  constructor(
    readonly account: string,
    private readonly actor: Actor = { kind: 'operator' },
    private readonly credential: Credential = { kind: 'operator_key' },
  ) {}

  /** The first user of a company that was opened with `open`. */
  get admin(): string {
    return `${this.account}-admin`;
  }
  get allUsers(): string {
    return `${this.account}-all-users`;
  }

  by(id: string, account = this.account, key?: string): CommandsFor {
    return new CommandsFor(this.account, { kind: 'user', id, account }, credentialOf(key));
  }

  open(name = 'Acme'): OpenCompany {
    const names = { first_name: 'Ann', last_name: 'Doe', email: mailbox(this.admin) };
    const key = { key_id: `${this.admin}-key`, key_name: 'first', key_hash: `${this.admin}-key-hash` };
    const admin = { user_id: this.admin, ...names, password_hash: 'hash', ...key };
    return new OpenCompany(this.account, { name, all_users_group_id: this.allUsers, admin }, this.meta());
  }
  openUnder(parent_id: string, facts: Partial<OpenClient['data']> = {}): OpenClient {
    const about = { name: 'Client', description: '', status: 'active' as const, external_id: null };
    const data = { parent_id, ...about, seats: -1, custom_theme: null, all_users_group_id: this.allUsers };
    return new OpenClient(this.account, { ...data, ...facts }, this.meta());
  }
  update(data: UpdateAccount['data']): UpdateAccount {
    return new UpdateAccount(this.account, data, this.meta());
  }

  updateClient(data: UpdateClient['data']): UpdateClient {
    return new UpdateClient(this.account, data, this.meta());
  }
  setResources(resources: SetClientResources['data']['resources']): SetClientResources {
    return new SetClientResources(this.account, { resources }, this.meta());
  }
  setSettings(settings: SetClientSettings['data']['settings']): SetClientSettings {
    return new SetClientSettings(this.account, { settings }, this.meta());
  }
  extendTrial(now: string): ExtendClientTrial {
    return new ExtendClientTrial(this.account, { now }, this.meta());
  }
  enableDirectBilling(): EnableClientDirectBilling {
    return new EnableClientDirectBilling(this.account, {}, this.meta());
  }
  close(): CloseClient {
    return new CloseClient(this.account, {}, this.meta());
  }

  createUser(user_id: string, facts: Partial<CreateUser['data']> = {}): CreateUser {
    const names = { first_name: user_id, last_name: 'Doe', email: mailbox(user_id) };
    const data = { user_id, ...names, external_id: null, password_hash: null, roles: [], ...facts };
    return new CreateUser(this.account, data, this.meta());
  }
  updateUser(data: UpdateUser['data']): UpdateUser {
    return new UpdateUser(this.account, data, this.meta());
  }
  deleteUser(user_id: string): DeleteUser {
    return new DeleteUser(this.account, { user_id }, this.meta());
  }
  restoreUser(user_id: string): RestoreUser {
    return new RestoreUser(this.account, { user_id }, this.meta());
  }
  restoreGroup(group_id: string): RestoreGroup {
    return new RestoreGroup(this.account, { group_id }, this.meta());
  }
  restoreRole(role_id: string): RestoreRole {
    return new RestoreRole(this.account, { role_id }, this.meta());
  }
  permit(user_id: string, ...permissions: string[]): ReplaceUserPermissions {
    return new ReplaceUserPermissions(this.account, { user_id, permissions }, this.meta());
  }
  issueKey(user_id: string, key_id: string): IssueApiKey {
    const data = { user_id, key_id, name: 'laptop', key_hash: `${key_id}-hash` };
    return new IssueApiKey(this.account, data, this.meta());
  }
  revokeKey(user_id: string, key_id: string): RevokeApiKey {
    return new RevokeApiKey(this.account, { user_id, key_id }, this.meta());
  }

  setProperties(user_id: string, properties: Record<string, string>): SetUserProperties {
    return new SetUserProperties(this.account, { user_id, properties }, this.meta());
  }
  deleteProperty(user_id: string, name: string): DeleteUserProperty {
    return new DeleteUserProperty(this.account, { user_id, name }, this.meta());
  }
  /** @param pairs instance and tab */
  addTabs(user_id: string, ...pairs: (readonly [instance: string, tab: string])[]): AddUserTabInstances {
    const instances = pairs.map(([tab_instance_id, tab_id]) => ({ tab_instance_id, tab_id }));
    return new AddUserTabInstances(this.account, { user_id, instances }, this.meta());
  }
  removeTab(user_id: string, tab_instance_id: string): RemoveUserTabInstance {
    return new RemoveUserTabInstance(this.account, { user_id, tab_instance_id }, this.meta());
  }

  recordSignIn(user_id: string, sign_ins = 0): RecordSignIn {
    return new RecordSignIn(this.account, { user_id, sign_ins }, this.meta());
  }
  lock(user_id: string, until: string, now: string): LockUser {
    return new LockUser(this.account, { user_id, until, now }, this.meta());
  }
  unlock(user_id: string, now: string): UnlockUser {
    return new UnlockUser(this.account, { user_id, now }, this.meta());
  }

  requestMail(user_id: string, mail_id: string, kind: LinkMail = 'invitation'): RequestMail {
    return new RequestMail(this.account, { user_id, mail_id, kind }, this.meta());
  }
  claimMail(data: ClaimMail['data']): ClaimMail {
    return new ClaimMail(this.account, data, this.meta());
  }
  deferMail(data: DeferMail['data']): DeferMail {
    return new DeferMail(this.account, data, this.meta());
  }
  mailSent(user_id: string, mail_id: string): RecordMailSent {
    return new RecordMailSent(this.account, { user_id, mail_id }, this.meta());
  }
  giveUpMail(data: GiveUpMail['data']): GiveUpMail {
    return new GiveUpMail(this.account, data, this.meta());
  }
  resetPassword(data: ResetPassword['data']): ResetPassword {
    return new ResetPassword(this.account, data, this.meta());
  }

  createGroup(group_id: string, facts: Partial<CreateGroup['data']> = {}): CreateGroup {
    const data = { group_id, name: group_id, description: '', external_id: null, permissions: [], ...facts };
    return new CreateGroup(this.account, data, this.meta());
  }
  updateGroup(data: UpdateGroup['data']): UpdateGroup {
    return new UpdateGroup(this.account, data, this.meta());
  }
  deleteGroup(group_id: string): DeleteGroup {
    return new DeleteGroup(this.account, { group_id }, this.meta());
  }
  addToGroup(user_id: string, group_id: string, can_edit?: boolean): AddUserToGroup {
    return new AddUserToGroup(this.account, { user_id, group_id, can_edit }, this.meta());
  }
  removeFromGroup(user_id: string, group_id: string): RemoveUserFromGroup {
    return new RemoveUserFromGroup(this.account, { user_id, group_id }, this.meta());
  }

  addDefaultTabs(group_id: string, ...tab_ids: string[]): AddGroupDefaultTabs {
    return new AddGroupDefaultTabs(this.account, { group_id, tab_ids }, this.meta());
  }

  createRole(role_id: string, ...permissions: string[]): CreateRole {
    return new CreateRole(
      this.account,
      { role_id, name: role_id, description: '', permissions },
      this.meta(),
    );
  }
  updateRole(data: UpdateRole['data']): UpdateRole {
    return new UpdateRole(this.account, data, this.meta());
  }
  removeRolePermissions(role_id: string, ...permissions: string[]): RemoveRolePermissions {
    return new RemoveRolePermissions(this.account, { role_id, permissions }, this.meta());
  }
  deleteRole(role_id: string): DeleteRole {
    return new DeleteRole(this.account, { role_id }, this.meta());
  }
  addToRole(user_id: string, role_id = ADMIN): AddUserToRole {
    return new AddUserToRole(this.account, { user_id, role_id }, this.meta());
  }
  removeFromRole(user_id: string, role_id = ADMIN): RemoveUserFromRole {
    return new RemoveUserFromRole(this.account, { user_id, role_id }, this.meta());
  }

  share(client_id: string, group_id: string, can_manage?: boolean): ShareClient {
    return new ShareClient(this.account, { client_id, shares: [{ group_id, can_manage }] }, this.meta());
  }
  unshare(client_id: string, group_id: string): UnshareClient {
    return new UnshareClient(this.account, { client_id, group_id }, this.meta());
  }
  setClientProperties(client_id: string, properties: Record<string, string>): SetClientProperties {
    return new SetClientProperties(this.account, { client_id, properties }, this.meta());
  }
  deleteClientProperty(client_id: string, name: string): DeleteClientProperty {
    return new DeleteClientProperty(this.account, { client_id, name }, this.meta());
  }

  asOperator(): CommandsFor {
    return new CommandsFor(this.account);
  }

  /** Of a command that is sent now. */
  meta(): CommandMeta {
    made += 1;
    const ids = { commandId: `command-${origin}-${String(made)}`, requestId: `request-${String(made)}` };
    return { ...ids, via: 'v1', actor: this.actor, credential: this.credential };
  }
}
