import { Query } from '@nestjs/cqrs';
import { builtInRoles } from '../domain/built-in-roles.js';
import { meaningful } from '../domain/permissions.js';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import { type Handlers, type Page, type PageRequest, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** Built-in roles belong to the account number 0: they are the same in every account. */
const EVERYWHERE = 0;

export const rolesSchema = `
  CREATE TABLE roles (
    role INTEGER NOT NULL, account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL, permissions TEXT NOT NULL
  );
  CREATE UNIQUE INDEX roles_now ON roles (role) WHERE until = ${NOW};
  CREATE INDEX roles_of_account ON roles (account, role) WHERE until = ${NOW};
  CREATE TABLE assignments (
    user INTEGER NOT NULL, role INTEGER NOT NULL, account INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX roles_of_user ON assignments (user, role) WHERE until = ${NOW};
  CREATE INDEX users_of_role ON assignments (account, role, user) WHERE until = ${NOW};
`;

export interface RoleView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
}

export interface RoleUserView {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
}

/** The built-in roles and those of the account. */
export class ListRoles extends Query<Page<RoleView>> {
  constructor(
    readonly account: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One role as an account has it. @throws Rejection role_not_found */
export class GetRole extends Query<RoleView> {
  constructor(
    readonly account: string,
    readonly roleId: string,
  ) {
    super();
  }
}

/** Who holds a role in an account. @throws Rejection role_not_found */
export class ListUsersOfRole extends Query<Page<RoleUserView>> {
  constructor(
    readonly account: string,
    readonly roleId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** The roles of a user. @throws Rejection user_not_found */
export class ListRolesOfUser extends Query<readonly RoleView[]> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

type RoleRow = { role: number; account: number; name: string; description: string; permissions: string };
type RoleViewRow = Omit<RoleRow, 'role'> & { id: string };
type AssignmentRow = { user: number; role: number; account: number };

const roleColumns = 'id, roles.account, name, description, permissions';
const roleSource = `roles JOIN entities ON number = roles.role`;

export class Roles implements ReadModel {
  private readonly versions: Versions<RoleRow>;
  private readonly assignments: Versions<AssignmentRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.versions = new Versions<RoleRow>(
      views,
      'roles',
      ['role'],
      ['role', 'account', 'name', 'description', 'permissions'],
    );
    this.assignments = new Versions<AssignmentRow>(
      views,
      'assignments',
      ['user', 'role'],
      ['user', 'role', 'account'],
    );
    this.statements = {
      one: views.prepare<RoleViewRow>(
        `SELECT ${roleColumns} FROM ${roleSource} WHERE id = ? AND roles.account IN (${EVERYWHERE}, ?) AND until = ${NOW}`,
      ),
      all: views.prepare<RoleViewRow>(
        `SELECT ${roleColumns} FROM ${roleSource}
         WHERE roles.account IN (${EVERYWHERE}, ?) AND until = ${NOW} ORDER BY role LIMIT ? OFFSET ?`,
      ),
      endOfRole: views.prepare<never>(
        `UPDATE assignments SET until = ? WHERE account = ? AND role = ? AND until = ${NOW}`,
      ),
      endOfUser: views.prepare<never>(`UPDATE assignments SET until = ? WHERE user = ? AND until = ${NOW}`),
      users: views.prepare<RoleUserView>(
        `SELECT id, first_name, last_name, email FROM assignments
         JOIN users ON users.user = assignments.user AND users.until = ${NOW}
         JOIN entities ON number = assignments.user
         WHERE assignments.account = ? AND role = ? AND assignments.until = ${NOW}
         ORDER BY assignments.user LIMIT ? OFFSET ?`,
      ),
      countUsers: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM assignments WHERE account = ? AND role = ? AND until = ${NOW}`,
      ),
      ofUser: views.prepare<RoleViewRow>(
        `SELECT ${roleColumns} FROM assignments JOIN ${roleSource} AND roles.role = assignments.role
         WHERE user = ? AND assignments.until = ${NOW} AND roles.until = ${NOW} ORDER BY assignments.since, roles.role`,
      ),
    };
  }

  readonly handlers: Handlers = {
    RoleCreated: ({ role_id, name, description, permissions }, at) => {
      const role = this.entities.declare(role_id, 'role', at.account);
      const row = {
        role,
        account: at.account,
        name,
        description,
        permissions: JSON.stringify(meaningful(permissions)),
      };
      this.versions.open(row, at);
      this.counters.add(at.account, 'roles', 1);
    },
    RoleRenamed: ({ role_id, name }, at) => {
      this.versions.change(at, { name }, this.entities.number(role_id));
    },
    RoleDescriptionChanged: ({ role_id, description }, at) => {
      this.versions.change(at, { description }, this.entities.number(role_id));
    },
    RolePermissionsReplaced: ({ role_id, permissions }, at) => {
      this.versions.change(
        at,
        { permissions: JSON.stringify(meaningful(permissions)) },
        this.entities.number(role_id),
      );
    },
    RoleDeleted: ({ role_id }, at) => {
      const role = this.entities.number(role_id);
      this.versions.close(at, role);
      this.statements.endOfRole.run(at.revision, at.account, role);
      this.entities.end(role);
      this.counters.add(at.account, 'roles', -1);
    },
    UserAddedToRole: ({ user_id, role_id }, at) => {
      const [user, role] = [this.entities.number(user_id), this.entities.number(role_id)];
      this.assignments.open({ user, role, account: at.account }, at);
    },
    UserRemovedFromRole: ({ user_id, role_id }, at) => {
      this.assignments.close(at, this.entities.number(user_id), this.entities.number(role_id));
    },
    UserDeleted: ({ user_id }, at) => {
      this.statements.endOfUser.run(at.revision, this.entities.number(user_id));
    },
  };

  /** Writes the roles that need no event; once per fresh database. */
  addBuiltIn(): void {
    for (const { id, name, description, permissions } of builtInRoles) {
      const role = this.entities.declare(id, 'role', EVERYWHERE);
      const row = { role, account: EVERYWHERE, name, description, permissions: JSON.stringify(permissions) };
      if (!this.versions.current(role))
        this.versions.open(row, { account: EVERYWHERE, revision: 0, id: '', time: '' });
    }
  }

  get({ account, roleId }: Pick<GetRole, 'account' | 'roleId'>): RoleView {
    const row = this.statements.one.get(roleId, this.entities.known(account));
    if (!row) throw new Rejection('role_not_found');
    return view(row);
  }

  list({ account, page }: ListRoles): Page<RoleView> {
    const number = this.entities.known(account);
    const rows = this.statements.all.all(number, page.limit, page.offset);
    return { rows: rows.map(view), total: builtInRoles.length + this.counters.value(number, 'roles') };
  }

  usersOf({ account, roleId, page }: ListUsersOfRole): Page<RoleUserView> {
    this.get({ account, roleId });
    const [number, role] = [this.entities.known(account), this.entities.known(roleId)];
    return {
      rows: this.statements.users.all(number, role, page.limit, page.offset),
      total: this.statements.countUsers.get(number, role)?.total ?? 0,
    };
  }

  ofUser({ account, userId }: ListRolesOfUser): readonly RoleView[] {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    return this.statements.ofUser.all(user).map(view);
  }
}

function view({ account, permissions, ...facts }: RoleViewRow): RoleView {
  return { ...facts, permissions: JSON.parse(permissions) as string[], built_in: account === EVERYWHERE };
}
