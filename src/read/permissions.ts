import { Query } from '@nestjs/cqrs';
import { adminRole } from '../domain/built-in-roles.js';
import { type Holdings, meaningful } from '../domain/permissions.js';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { type Handlers, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const permissionsSchema = `
  CREATE TABLE individual_permissions (
    user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, permissions TEXT NOT NULL
  );
  CREATE UNIQUE INDEX individual_permissions_now ON individual_permissions (user) WHERE until = ${NOW};
`;

export interface PermissionSource {
  readonly type: 'role' | 'group' | 'individual';
  readonly id?: string;
  readonly name?: string;
}

export interface EffectivePermission {
  readonly permission: string;
  readonly sources: readonly PermissionSource[];
}

/** The permissions given to a user alone, in the order they were sent. @throws Rejection user_not_found */
export class GetIndividualPermissions extends Query<readonly string[]> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** Everything a user holds and where each permission comes from; `*` stands for all. @throws Rejection user_not_found */
export class GetEffectivePermissions extends Query<readonly EffectivePermission[]> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

type IndividualRow = { user: number; permissions: string };
interface SourceRow {
  readonly type: PermissionSource['type'];
  readonly id: string | null;
  readonly name: string | null;
  readonly permissions: string;
}

export class Permissions implements ReadModel {
  private readonly individual: Versions<IndividualRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.individual = new Versions<IndividualRow>(
      views,
      'individual_permissions',
      ['user'],
      ['user', 'permissions'],
    );
    this.statements = {
      isAdmin: views.prepare<{ found: number }>(
        `SELECT 1 AS found FROM assignments WHERE user = ? AND until = ${NOW}
         AND role = (SELECT number FROM entities WHERE id = '${adminRole.id}')`,
      ),
      sources: views.prepare<SourceRow>(
        `SELECT 'role' AS type, id, name, permissions FROM assignments
           JOIN roles ON roles.role = assignments.role AND roles.until = ${NOW}
           JOIN entities ON number = assignments.role
           WHERE user = ?1 AND assignments.until = ${NOW}
         UNION ALL
         SELECT 'group', id, name, permissions FROM memberships
           JOIN groups ON groups."group" = memberships."group" AND groups.until = ${NOW}
           JOIN entities ON number = memberships."group"
           WHERE user = ?1 AND memberships.until = ${NOW} AND permissions <> '[]'
         UNION ALL
         SELECT 'individual', NULL, NULL, permissions FROM individual_permissions
           WHERE user = ?1 AND until = ${NOW}`,
      ),
    };
  }

  readonly handlers: Handlers = {
    UserPermissionsReplaced: ({ user_id, permissions }, at) => {
      const user = this.entities.number(user_id);
      this.individual.close(at, user);
      this.individual.open({ user, permissions: JSON.stringify(meaningful(permissions)) }, at);
    },
    UserDeleted: ({ user_id }, at) => {
      this.individual.close(at, this.entities.number(user_id));
    },
  };

  /** What somebody may do, for the guard at the door; the decision checks again on the account's own state. */
  holdingsOf(account: string, userId: string): Holdings {
    const user = this.entities.find('user', userId, account);
    return user === undefined ? new Set() : this.holdingsOfUser(user);
  }

  holdingsOfUser(user: number): Holdings {
    if (this.statements.isAdmin.get(user)) return 'everything';
    return new Set(this.statements.sources.all(user).flatMap(({ permissions }) => names(permissions)));
  }

  individualOf({ account, userId }: GetIndividualPermissions): readonly string[] {
    const row = this.individual.current(this.find(account, userId));
    return row ? names(row.permissions) : [];
  }

  effectiveOf({ account, userId }: GetEffectivePermissions): readonly EffectivePermission[] {
    const effective = new Map<string, PermissionSource[]>();
    for (const { type, id, name, permissions } of this.statements.sources.all(this.find(account, userId))) {
      const source = id !== null && name !== null ? { type, id, name } : { type };
      for (const permission of names(permissions)) {
        const sources = effective.get(permission);
        if (sources) sources.push(source);
        else effective.set(permission, [source]);
      }
    }
    return [...effective].map(([permission, sources]) => ({ permission, sources }));
  }

  private find(account: string, userId: string): number {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    return user;
  }
}

function names(json: string): readonly string[] {
  return JSON.parse(json) as string[];
}
