import { Inject, type Provider } from '@nestjs/common';
import { type Query, QueryHandler } from '@nestjs/cqrs';
import { GetAccount } from './accounts.js';
import { ListClientResources } from './client-resources.js';
import { GetClientSettings } from './client-settings.js';
import { GetClient, ListClients } from './clients.js';
import { GetClientProperties } from './client-properties.js';
import { ListShareRights } from './client-shares.js';
import { ListApiKeys } from './credentials.js';
import { GetDefaultTab, ListDefaultTabs } from './default-tabs.js';
import { GetGroup, ListGroups } from './groups.js';
import { ListGroupsOfUser, ListMembers } from './memberships.js';
import { GetEffectivePermissions, GetIndividualPermissions } from './permissions.js';
import { Projector } from './projector.js';
import { GetRole, ListRoles, ListRolesOfUser, ListUsersOfRole } from './roles.js';
import { ListTabInstances } from './tab-instances.js';
import { GetUserProperties } from './user-properties.js';
import { GetUser, ListUsers, ListUsersOfGroup } from './users.js';
import { Views } from './views.js';

type QueryOf<Result> = Query<Result> & { readonly account: string };

/** The handler of one query for the query bus: refuses while the account's views cannot answer. */
function handler<Result, Q extends QueryOf<Result>>(
  queryClass: new (...parameters: never[]) => Q & QueryOf<Result>,
  answer: (views: Views, query: Q) => Result,
  assertMore: (projector: Projector, query: Q) => void = () => undefined,
): Provider {
  @QueryHandler(queryClass)
  class Handler {
    constructor(
      @Inject(Views) private readonly views: Views,
      @Inject(Projector) private readonly projector: Projector,
    ) {}

    execute(query: Q): Promise<Result> {
      return new Promise((resolve) => {
        this.projector.assertReadable(query.account);
        assertMore(this.projector, query);
        resolve(answer(this.views, query));
      });
    }
  }
  return Handler;
}

export const queryHandlers: Provider[] = [
  handler(GetAccount, ({ accounts }, query) => accounts.get(query)),
  handler(GetClient, ({ clients }, query) => clients.get(query)),
  handler(
    ListClients,
    ({ clients }, query) => clients.list(query),
    (projector, { account }) => projector.assertClientsReadable(account),
  ),
  handler(ListClientResources, ({ clientResources }, query) => clientResources.list(query)),
  handler(GetClientSettings, ({ clientSettings }, query) => clientSettings.of(query)),
  handler(GetUser, ({ users }, query) => users.get(query)),
  handler(ListUsers, ({ users }, query) => users.list(query)),
  handler(ListUsersOfGroup, ({ users }, query) => users.ofGroup(query)),
  handler(GetGroup, ({ groups }, query) => groups.get(query)),
  handler(ListGroups, ({ groups }, query) => groups.list(query)),
  handler(GetDefaultTab, ({ defaultTabs }, query) => defaultTabs.get(query)),
  handler(ListDefaultTabs, ({ defaultTabs }, query) => defaultTabs.list(query)),
  handler(ListMembers, ({ memberships }, query) => memberships.members(query)),
  handler(ListGroupsOfUser, ({ memberships }, query) => memberships.groupsOfUser(query)),
  handler(GetRole, ({ roles }, query) => roles.get(query)),
  handler(ListRoles, ({ roles }, query) => roles.list(query)),
  handler(ListUsersOfRole, ({ roles }, query) => roles.usersOf(query)),
  handler(ListRolesOfUser, ({ roles }, query) => roles.ofUser(query)),
  handler(ListApiKeys, ({ credentials }, query) => credentials.keysOf(query)),
  handler(GetIndividualPermissions, ({ permissions }, query) => permissions.individualOf(query)),
  handler(GetEffectivePermissions, ({ permissions }, query) => permissions.effectiveOf(query)),
  handler(GetUserProperties, ({ userProperties }, query) => userProperties.of(query)),
  handler(ListTabInstances, ({ tabInstances }, query) => tabInstances.list(query)),
  handler(ListShareRights, ({ clientShares }, query) => clientShares.list(query)),
  handler(GetClientProperties, ({ clientProperties }, query) => clientProperties.of(query)),
];
