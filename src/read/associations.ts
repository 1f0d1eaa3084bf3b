import type { PropertyMap } from '../domain/properties.js';
import type { OfUsers } from './associated.js';
import { groupsOfUsers, type UserGroupView } from './groups-of-user.js';
import type { Moment } from './moment.js';
import { propertiesOf } from './properties.js';
import { Question } from './question.js';
import { rolesOfUsers } from './roles-of-user.js';
import { tabInstancesOfUsers } from './tab-instances.js';
import type { ViewsDatabase } from './views-database.js';

interface Lists {
  readonly groups?: readonly UserGroupView[];
  /** Ids of the roles. */
  readonly roles?: readonly string[];
  /** Ids of the tab instances. */
  readonly tab_instances?: readonly string[];
}

export type ListKind = keyof Lists;

/** What a user has besides its own facts. Only the kinds that the caller asked for are there. */
export interface UserAssociations extends Lists {
  readonly properties?: PropertyMap;
  /** How long the lists are as a whole that are not here as a whole. */
  readonly totals: Readonly<Partial<Record<ListKind, number>>>;
}

export type AssociationKind = ListKind | 'properties';

/**
 * The associations of users of an account, in the order of their ids. Statements of each kind find them
 * for all users.
 */
export class ListAssociations extends Question<readonly UserAssociations[]> {
  readonly type = 'ListAssociations';

  /**
   * @param most how many of each kind there may be in the lists of all users together. So the lists of the first user
   *   have as many; of a later one they may be cut, or empty, for want of room: then `totals` says so
   */
  constructor(
    at: Moment,
    readonly userIds: readonly string[],
    readonly kinds: readonly AssociationKind[],
    readonly most: number,
  ) {
    super(at);
  }
}

export const listAssociations = (database: ViewsDatabase) => {
  const [groups, roles] = [groupsOfUsers(database), rolesOfUsers(database)];
  const [tab_instances, properties] = [tabInstancesOfUsers(database), propertiesOf(database, 'user')];
  const lists = { groups, roles, tab_instances };
  return ({ at, userIds, kinds, most }: ListAssociations): readonly UserAssociations[] => {
    const found = kinds
      .filter((kind) => kind !== 'properties')
      .map((kind): [ListKind, OfUsers<unknown>] => [kind, lists[kind].of(at, userIds, most)]);
    const maps = kinds.includes('properties') ? properties(at, userIds) : undefined;
    return userIds.map((id) => {
      const values = found.map(([kind, all]) => [kind, all.get(id)?.values ?? []] as const);
      const cut = found.flatMap(([kind, all]) => {
        const { values: here, total } = all.get(id) ?? { values: [], total: 0 };
        return total > here.length ? [[kind, total] as const] : [];
      });
      const own = maps ? { properties: maps.get(id) } : {};
      return { ...Object.fromEntries(values), ...own, totals: Object.fromEntries(cut) } as UserAssociations;
    });
  };
};
