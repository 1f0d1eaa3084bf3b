import { Accounts, accountsSchema } from './accounts.js';
import { ClientResources, clientResourcesSchema } from './client-resources.js';
import { ClientSettings, clientSettingsSchema } from './client-settings.js';
import { Clients, clientsSchema } from './clients.js';
import { Checkpoints, checkpointsSchema } from './checkpoints.js';
import { ClientProperties, clientPropertiesSchema } from './client-properties.js';
import { ClientShares, clientSharesSchema } from './client-shares.js';
import { Counters, countersSchema } from './counters.js';
import { Credentials, credentialsSchema } from './credentials.js';
import { Entities, entitiesSchema } from './entities.js';
import { DefaultTabs, defaultTabsSchema } from './default-tabs.js';
import { Groups, groupsSchema } from './groups.js';
import { Issuers, issuersSchema } from './issuers.js';
import { Mails, mailsSchema } from './mails.js';
import { Memberships, membershipsSchema } from './memberships.js';
import { PasswordTokens, passwordTokensSchema } from './password-tokens.js';
import { Permissions, permissionsSchema } from './permissions.js';
import type { ReadModel } from './read-model.js';
import { Roles, rolesSchema } from './roles.js';
import { TabInstances, tabInstancesSchema } from './tab-instances.js';
import { UserProperties, userPropertiesSchema } from './user-properties.js';
import { Users, usersSchema } from './users.js';
import { ViewsDatabase } from './views-database.js';

/** Raise when a handler writes other rows than before, so that views made earlier are built again. */
const GENERATION = 4;

const schema = [
  `-- generation ${GENERATION}`,
  ...[checkpointsSchema, entitiesSchema, countersSchema, accountsSchema, usersSchema, groupsSchema],
  ...[defaultTabsSchema, membershipsSchema, rolesSchema, credentialsSchema, permissionsSchema, issuersSchema],
  ...[userPropertiesSchema, tabInstancesSchema, mailsSchema, passwordTokensSchema],
  ...[clientsSchema, clientResourcesSchema, clientSettingsSchema],
  ...[clientSharesSchema, clientPropertiesSchema],
].join('\n');

/** All read models on one database. */
export class Views {
  readonly checkpoints: Checkpoints;
  readonly entities: Entities;
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly clientResources: ClientResources;
  readonly clientSettings: ClientSettings;
  readonly users: Users;
  readonly groups: Groups;
  readonly defaultTabs: DefaultTabs;
  readonly memberships: Memberships;
  readonly roles: Roles;
  readonly credentials: Credentials;
  readonly permissions: Permissions;
  readonly issuers: Issuers;
  readonly userProperties: UserProperties;
  readonly tabInstances: TabInstances;
  readonly mails: Mails;
  readonly passwordTokens: PasswordTokens;
  readonly clientShares: ClientShares;
  readonly clientProperties: ClientProperties;

  private constructor(readonly database: ViewsDatabase) {
    const counters = new Counters(database);
    this.checkpoints = new Checkpoints(database);
    this.entities = new Entities(database);
    this.accounts = new Accounts(database, this.entities, counters);
    this.clients = new Clients(database, this.entities, counters);
    this.clientResources = new ClientResources(database, this.entities, this.clients);
    this.clientSettings = new ClientSettings(database, this.entities);
    this.users = new Users(database, this.entities, counters);
    this.groups = new Groups(database, this.entities, counters);
    this.defaultTabs = new DefaultTabs(database, this.entities);
    this.memberships = new Memberships(database, this.entities, counters);
    this.roles = new Roles(database, this.entities, counters);
    this.credentials = new Credentials(database, this.entities);
    this.permissions = new Permissions(database, this.entities);
    this.issuers = new Issuers(database, this.entities, this.permissions);
    this.userProperties = new UserProperties(database, this.entities);
    this.tabInstances = new TabInstances(database, this.entities);
    this.mails = new Mails(database, this.entities);
    this.passwordTokens = new PasswordTokens(database, this.entities);
    this.clientShares = new ClientShares(database, this.entities);
    this.clientProperties = new ClientProperties(database, this.entities);
  }

  /** Opens the views in a file; fresh ones when it is missing, damaged or of another version. */
  static open(path: string): Views {
    const views = new Views(ViewsDatabase.open(path, schema));
    views.roles.addBuiltIn();
    return views;
  }

  /** In the order in which they take an event. */
  get models(): readonly ReadModel[] {
    return [
      this.issuers,
      ...[this.accounts, this.users, this.groups, this.defaultTabs, this.memberships],
      ...[this.roles, this.credentials, this.permissions],
      ...[this.userProperties, this.tabInstances, this.mails, this.passwordTokens],
      ...[this.clients, this.clientResources, this.clientSettings],
      ...[this.clientShares, this.clientProperties],
    ];
  }

  clear(): void {
    this.database.clear(schema);
    this.roles.addBuiltIn();
  }
}
