import { Inject, type Provider } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import * as account from '../domain/account.js';
import * as client from '../domain/client.js';
import * as clientSettings from '../domain/client-settings.js';
import * as clientProperties from '../domain/client-properties.js';
import * as clientShares from '../domain/client-shares.js';
import type { Command } from '../domain/command.js';
import * as group from '../domain/group.js';
import * as mail from '../domain/mail.js';
import * as passwordTokens from '../domain/password-tokens.js';
import * as role from '../domain/role.js';
import * as signIn from '../domain/sign-in.js';
import * as tabInstances from '../domain/tab-instances.js';
import * as user from '../domain/user.js';
import * as userProperties from '../domain/user-properties.js';
import type { Outcome } from './batch.js';
import { Execute } from './execute.js';

type CommandClasses = {
  readonly [Type in Command['type']]: new (...parameters: never[]) => Extract<Command, { type: Type }>;
};

/** Every command there is; one that is missing here does not compile. */
const commandClasses: CommandClasses = {
  OpenCompany: account.OpenCompany,
  OpenClient: account.OpenClient,
  UpdateAccount: account.UpdateAccount,
  UpdateClient: client.UpdateClient,
  SetClientResources: client.SetClientResources,
  SetClientSettings: clientSettings.SetClientSettings,
  ExtendClientTrial: client.ExtendClientTrial,
  EnableClientDirectBilling: client.EnableClientDirectBilling,
  CloseClient: client.CloseClient,
  CreateUser: user.CreateUser,
  UpdateUser: user.UpdateUser,
  DeleteUser: user.DeleteUser,
  ReplaceUserPermissions: user.ReplaceUserPermissions,
  IssueApiKey: user.IssueApiKey,
  RevokeApiKey: user.RevokeApiKey,
  SetUserProperties: userProperties.SetUserProperties,
  DeleteUserProperty: userProperties.DeleteUserProperty,
  AddUserTabInstances: tabInstances.AddUserTabInstances,
  RemoveUserTabInstance: tabInstances.RemoveUserTabInstance,
  RecordSignIn: signIn.RecordSignIn,
  LockUser: signIn.LockUser,
  UnlockUser: signIn.UnlockUser,
  RequestMail: mail.RequestMail,
  ClaimMail: mail.ClaimMail,
  DeferMail: mail.DeferMail,
  RecordMailSent: mail.RecordMailSent,
  GiveUpMail: mail.GiveUpMail,
  ResetPassword: passwordTokens.ResetPassword,
  CreateGroup: group.CreateGroup,
  UpdateGroup: group.UpdateGroup,
  DeleteGroup: group.DeleteGroup,
  AddUserToGroup: group.AddUserToGroup,
  RemoveUserFromGroup: group.RemoveUserFromGroup,
  AddGroupDefaultTabs: group.AddGroupDefaultTabs,
  CreateRole: role.CreateRole,
  UpdateRole: role.UpdateRole,
  RemoveRolePermissions: role.RemoveRolePermissions,
  DeleteRole: role.DeleteRole,
  AddUserToRole: role.AddUserToRole,
  RemoveUserFromRole: role.RemoveUserFromRole,
  ShareClient: clientShares.ShareClient,
  UnshareClient: clientShares.UnshareClient,
  SetClientProperties: clientProperties.SetClientProperties,
  DeleteClientProperty: clientProperties.DeleteClientProperty,
};

/** One handler a command for the command bus: they all go to {@link Execute}, and from there to `decide`. */
export const commandHandlers: Provider[] = Object.values(commandClasses).map((commandClass) => {
  @CommandHandler(commandClass)
  class Handler {
    constructor(@Inject(Execute) private readonly executor: Execute) {}

    execute(command: Command): Promise<Outcome> {
      return this.executor.run(command);
    }
  }
  return Handler;
});
