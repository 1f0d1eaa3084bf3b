import type { PropertyMap } from '../domain/properties.js';
import { groupsOfUsers, type UserGroupView } from './groups-of-user.js';
import type { Moment } from './moment.js';
import { propertiesOf } from './properties.js';
import { Question } from './question.js';
import { rolesOfUsers } from './roles-of-user.js';
import { tabInstancesOfUsers } from './tab-instances.js';
import type { ViewsDatabase } from './views-database.js';

/** What a user has besides its own facts. Only the kinds that the caller asked for are there. */
export interface UserAssociations {
  readonly groups?: readonly UserGroupView[];
  /** Ids of the roles. */
  readonly roles?: readonly string[];
  /** Ids of the tab instances. */
  readonly tab_instances?: readonly string[];
  readonly properties?: PropertyMap;
}

export type AssociationKind = keyof UserAssociations;

/**
 * The associations of users of an account, in the order of their ids. One statement of each kind finds them
 * for all users.
 */
export class ListAssociations extends Question<readonly UserAssociations[]> {
  readonly type = 'ListAssociations';

  constructor(
    at: Moment,
    readonly userIds: readonly string[],
    readonly kinds: readonly AssociationKind[],
  ) {
    super(at);
  }
}

export const listAssociations = (database: ViewsDatabase) => {
  const [groups, roles] = [groupsOfUsers(database), rolesOfUsers(database)];
  const [tabs, properties] = [tabInstancesOfUsers(database), propertiesOf(database, 'user')];
  const asked = {
    groups: (at: Moment, ids: readonly string[]) => byUser(ids, groups(at, ids)),
    roles: (at: Moment, ids: readonly string[]) => byUser(ids, roles(at, ids)),
    tab_instances: (at: Moment, ids: readonly string[]) => byUser(ids, tabs(at, ids)),
    properties,
  };
  return ({ at, userIds, kinds }: ListAssociations): readonly UserAssociations[] => {
    const found = kinds.map((kind) => [kind, asked[kind](at, userIds)] as const);
    return userIds.map((id) => Object.fromEntries(found.map(([kind, values]) => [kind, values.get(id)])));
  };
};

function byUser<Value>(
  ids: readonly string[],
  pairs: readonly (readonly [user: string, Value])[],
): ReadonlyMap<string, readonly Value[]> {
  const values = new Map<string, Value[]>(ids.map((id) => [id, []]));
  for (const [user, value] of pairs) values.get(user)?.push(value);
  return values;
}
