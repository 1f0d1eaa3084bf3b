import { foundUser } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { compareSources, namesIn, permissionSources, type SourceRow } from './permission-sources.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface PermissionSource {
  readonly type: SourceRow['type'];
  readonly id?: string;
  readonly name?: string;
}

export interface EffectivePermission {
  readonly permission: string;
  readonly sources: readonly PermissionSource[];
}

/**
 * Everything that a user holds, and the sources of each permission. `*` stands for all permissions.
 * @throws Rejection user_not_found
 */
export class GetEffectivePermissions extends Question<readonly EffectivePermission[]> {
  readonly type = 'GetEffectivePermissions';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

export const getEffectivePermissions = (database: ViewsDatabase) => {
  const user = foundUser(database);
  const rows = new MomentList<SourceRow>(database, (at) => permissionSources(at, '?3'));
  return ({ at, userId }: GetEffectivePermissions): readonly EffectivePermission[] => {
    const effective = new Map<string, PermissionSource[]>();
    for (const row of rows.all(at, user(at, userId).number).sort(compareSources)) {
      const { type, id, name } = row;
      const source = id !== null && name !== null ? { type, id, name } : { type };
      for (const permission of namesIn(row)) {
        const sources = effective.get(permission);
        if (sources) sources.push(source);
        else effective.set(permission, [source]);
      }
    }
    return [...effective].map(([permission, sources]) => ({ permission, sources }));
  };
};
