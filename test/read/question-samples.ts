import type { Moment } from '../../src/read/moment.js';
import type { PresentQuestion } from '../../src/read/question.js';
import type { Asked } from '../../src/read/questions.js';
import { GetAccount } from '../../src/read/account.js';
import { ListApiKeys } from '../../src/read/api-keys.js';
import { ListAssociations } from '../../src/read/associations.js';
import { GetClientProperties } from '../../src/read/client-properties.js';
import { ListClientResources } from '../../src/read/client-resources.js';
import { GetClientSettings } from '../../src/read/client-settings.js';
import { GetClient } from '../../src/read/client.js';
import { GetDefaultTab } from '../../src/read/default-tab.js';
import { ListDefaultTabs } from '../../src/read/default-tabs.js';
import { GetEffectivePermissions } from '../../src/read/effective-permissions.js';
import { GetGroup } from '../../src/read/group.js';
import { ListGroupsOfUser } from '../../src/read/groups-of-user.js';
import { ListGroups } from '../../src/read/groups.js';
import { GetHeldPermission } from '../../src/read/held-permission.js';
import { GetIndividualPermissions } from '../../src/read/individual-permissions.js';
import { ListMembers } from '../../src/read/members.js';
import { ListPermissionsOfGroups } from '../../src/read/permissions-of-groups.js';
import { ListReachedClients } from '../../src/read/reached-clients.js';
import { GetRole } from '../../src/read/role.js';
import { ListRolesOfUser } from '../../src/read/roles-of-user.js';
import { ListRoles } from '../../src/read/roles.js';
import { ListShareRights } from '../../src/read/share-rights.js';
import { ListTabInstances } from '../../src/read/tab-instances.js';
import { GetUserProperties } from '../../src/read/user-properties.js';
import { GetUser } from '../../src/read/user.js';
import { ListUsersOfRole } from '../../src/read/users-of-role.js';
import { ListUsers } from '../../src/read/users.js';
import { GetWebhook, ListWebhooks } from '../../src/read/webhooks.js';

/** Queries that have a past. */
export type TimedQuestion = Exclude<Asked, PresentQuestion<unknown>>;

/** What there has ever been in an account, or might have been. */
export interface KnownIds {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly clients: readonly string[];
}

const pages = [
  { limit: 2, offset: 0 },
  { limit: 100, offset: 1 },
];

/**
 * Queries of every registered class, about everything there has ever been in an account. A class without an entry
 * does not compile.
 */
const samples: {
  readonly [Type in TimedQuestion['type']]: (
    at: Moment,
    known: KnownIds,
  ) => readonly Extract<TimedQuestion, { type: Type }>[];
} = {
  GetAccount: (at) => [new GetAccount(at)],
  GetClient: (at) => [new GetClient(at)],
  ListClientResources: (at) => [new ListClientResources(at)],
  GetClientSettings: (at) => [new GetClientSettings(at)],
  GetClientProperties: (at, { clients }) => clients.map((id) => new GetClientProperties(at, id)),
  ListShareRights: (at, { clients }) =>
    clients.flatMap((id) => pages.map((page) => new ListShareRights(at, id, page))),
  GetUser: (at, { users }) => users.map((id) => new GetUser(at, id)),
  ListUsers: (at) => [
    ...pages.map((page) => new ListUsers(at, {}, page)),
    ...['a@x.example', 'b@x.example'].map((email) => new ListUsers(at, { email }, { limit: 5, offset: 0 })),
    new ListUsers(at, { external_id: 'x1' }, { limit: 5, offset: 0 }),
  ],
  ListAssociations: (at, { users }) => [
    new ListAssociations(at, users, ['groups', 'roles', 'tab_instances', 'properties'], 100),
    new ListAssociations(at, users, ['groups', 'roles', 'tab_instances'], 3),
    new ListAssociations(at, [], ['groups'], 3),
  ],
  GetUserProperties: (at, { users }) => users.map((id) => new GetUserProperties(at, id)),
  ListTabInstances: (at, { users }) =>
    users.flatMap((id) => pages.map((page) => new ListTabInstances(at, id, page))),
  ListGroupsOfUser: (at, { users }) =>
    users.flatMap((id) => pages.map((page) => new ListGroupsOfUser(at, id, page))),
  ListRolesOfUser: (at, { users }) =>
    users.flatMap((id) => pages.map((page) => new ListRolesOfUser(at, id, page))),
  ListApiKeys: (at, { users }) => users.flatMap((id) => pages.map((page) => new ListApiKeys(at, id, page))),
  GetIndividualPermissions: (at, { users }) => users.map((id) => new GetIndividualPermissions(at, id)),
  GetEffectivePermissions: (at, { users }) =>
    users.flatMap((id) => pages.map((page) => new GetEffectivePermissions(at, id, page))),
  GetHeldPermission: (at, { users }) =>
    users.flatMap((id) => ['user.manage', 'a.read', '*'].map((name) => new GetHeldPermission(at, id, name))),
  ListReachedClients: (at, { users, clients }) =>
    users.flatMap((id) => [true, false].map((may) => new ListReachedClients(at, id, clients, may))),
  GetGroup: (at, { groups }) => groups.map((id) => new GetGroup(at, id)),
  ListGroups: (at) => [
    ...pages.map((page) => new ListGroups(at, undefined, page)),
    ...['x1', 'x2'].map((id) => new ListGroups(at, id, { limit: 5, offset: 0 })),
  ],
  ListPermissionsOfGroups: (at, { groups }) => [new ListPermissionsOfGroups(at, groups)],
  ListMembers: (at, { groups }) => groups.flatMap((id) => pages.map((page) => new ListMembers(at, id, page))),
  GetDefaultTab: (at, { groups }) =>
    groups.flatMap((id) => ['t1', 'T1'].map((tab) => new GetDefaultTab(at, id, tab))),
  ListDefaultTabs: (at, { groups }) =>
    groups.flatMap((id) => pages.map((page) => new ListDefaultTabs(at, id, page))),
  GetRole: (at, { roles }) => roles.map((id) => new GetRole(at, id)),
  ListRoles: (at) => pages.map((page) => new ListRoles(at, page)),
  ListUsersOfRole: (at, { roles }) =>
    roles.flatMap((id) => pages.map((page) => new ListUsersOfRole(at, id, page))),
  ListWebhooks: (at) => pages.map((page) => new ListWebhooks(at, page)),
  GetWebhook: (at) => ['acme-w0', 'client-w0', 'w1'].map((id) => new GetWebhook(at, id)),
};

/** The names of the queries that there are samples of. */
export const sampledTypes = Object.keys(samples);

export function questionsAbout(at: Moment, known: KnownIds): readonly TimedQuestion[] {
  return Object.values(samples).flatMap((sample) => [...sample(at, known)]);
}
