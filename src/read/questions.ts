import type { Query } from '@nestjs/cqrs';
import { getAccount, GetAccount } from './account.js';
import { listApiKeys, ListApiKeys } from './api-keys.js';
import { listAssociations, ListAssociations } from './associations.js';
import { getClientProperties, GetClientProperties } from './client-properties.js';
import { listClientResources, ListClientResources } from './client-resources.js';
import { getClientSettings, GetClientSettings } from './client-settings.js';
import { getClient, GetClient } from './client.js';
import { listClients, ListClients } from './clients.js';
import { getDefaultTab, GetDefaultTab } from './default-tab.js';
import { listDefaultTabs, ListDefaultTabs } from './default-tabs.js';
import { getEffectivePermissions, GetEffectivePermissions } from './effective-permissions.js';
import { getGroup, GetGroup } from './group.js';
import { listGroupsOfUser, ListGroupsOfUser } from './groups-of-user.js';
import { listGroups, ListGroups } from './groups.js';
import { getHeldPermission, GetHeldPermission } from './held-permission.js';
import { getIndividualPermissions, GetIndividualPermissions } from './individual-permissions.js';
import { listMembers, ListMembers } from './members.js';
import { listPermissionsOfGroups, ListPermissionsOfGroups } from './permissions-of-groups.js';
import type { PresentQuestion, Question } from './question.js';
import { listReachedClients, ListReachedClients } from './reached-clients.js';
import { getRole, GetRole } from './role.js';
import { listRolesOfUser, ListRolesOfUser } from './roles-of-user.js';
import { listRoles, ListRoles } from './roles.js';
import { listShareRights, ListShareRights } from './share-rights.js';
import { listTabInstances, ListTabInstances } from './tab-instances.js';
import { getUserProperties, GetUserProperties } from './user-properties.js';
import { getUser, GetUser } from './user.js';
import { listUsersOfRole, ListUsersOfRole } from './users-of-role.js';
import { listUsers, ListUsers } from './users.js';
import type { ViewsDatabase } from './views-database.js';
import { GetWebhook, getWebhook, ListWebhooks, listWebhooks } from './webhooks.js';

type AnyQuestion = Question<unknown> | PresentQuestion<unknown>;

function question<Asked extends AnyQuestion & Query<Answer>, Answer>(
  asked: new (...parameters: never[]) => Asked,
  answering: (database: ViewsDatabase) => (asked: Asked) => Answer,
) {
  return { asked, answering };
}

/** Every query, with the function that answers it. A query that is missing here cannot be asked. */
export const questions = [
  question(GetAccount, getAccount),
  question(GetClient, getClient),
  question(ListClients, listClients),
  question(ListClientResources, listClientResources),
  question(GetClientSettings, getClientSettings),
  question(GetClientProperties, getClientProperties),
  question(ListShareRights, listShareRights),
  question(GetUser, getUser),
  question(ListUsers, listUsers),
  question(ListAssociations, listAssociations),
  question(GetUserProperties, getUserProperties),
  question(ListTabInstances, listTabInstances),
  question(ListGroupsOfUser, listGroupsOfUser),
  question(ListRolesOfUser, listRolesOfUser),
  question(ListApiKeys, listApiKeys),
  question(GetIndividualPermissions, getIndividualPermissions),
  question(GetEffectivePermissions, getEffectivePermissions),
  question(GetHeldPermission, getHeldPermission),
  question(ListReachedClients, listReachedClients),
  question(GetGroup, getGroup),
  question(ListGroups, listGroups),
  question(ListPermissionsOfGroups, listPermissionsOfGroups),
  question(ListMembers, listMembers),
  question(GetDefaultTab, getDefaultTab),
  question(ListDefaultTabs, listDefaultTabs),
  question(GetRole, getRole),
  question(ListRoles, listRoles),
  question(ListUsersOfRole, listUsersOfRole),
  question(ListWebhooks, listWebhooks),
  question(GetWebhook, getWebhook),
] as const;

/** A query that is registered above. */
export type Asked = Parameters<ReturnType<(typeof questions)[number]['answering']>>[0];
export type AnswerTo<Some extends Asked> = Some extends Query<infer Answer> ? Answer : never;

/** Answers queries from one database. */
export class Answers {
  private readonly answers: ReadonlyMap<unknown, (asked: never) => unknown>;

  constructor(database: ViewsDatabase) {
    this.answers = new Map(questions.map(({ asked, answering }) => [asked, answering(database)]));
  }

  to<Some extends Asked>(query: Some): AnswerTo<Some> {
    // The map holds, for each class, the function that answers its queries.
    const answer = this.answers.get(query.constructor) as (asked: Some) => AnswerTo<Some>;
    return answer(query);
  }
}
