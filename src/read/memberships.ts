import { Query } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import {
  type Handlers,
  type Occasion,
  type Page,
  type PageRequest,
  type ReadModel,
  Versions,
} from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const membershipsSchema = `
  CREATE TABLE memberships (
    user INTEGER NOT NULL, "group" INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    can_edit INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX members_of_group ON memberships ("group", user) WHERE until = ${NOW};
  CREATE UNIQUE INDEX groups_of_user ON memberships (user, "group") WHERE until = ${NOW};
`;

export interface MemberView {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly can_edit: boolean;
}

export interface UserGroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly can_edit: boolean;
  readonly built_in: boolean;
}

/** The members of a group, everybody for All Users. @throws Rejection group_not_found */
export class ListMembers extends Query<Page<MemberView>> {
  constructor(
    readonly account: string,
    readonly groupId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** The groups of a user, All Users among them. @throws Rejection user_not_found */
export class ListGroupsOfUser extends Query<Page<UserGroupView>> {
  constructor(
    readonly account: string,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type MembershipRow = { user: number; group: number; can_edit: number };
type WithFlags<View> = Omit<View, 'can_edit' | 'built_in'> & { can_edit: number; built_in: number };

export class Memberships implements ReadModel {
  private readonly versions: Versions<MembershipRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.versions = new Versions<MembershipRow>(
      views,
      'memberships',
      ['user', 'group'],
      ['user', 'group', 'can_edit'],
    );
    this.statements = {
      allUsersGroup: views.prepare<{ group: number }>(
        `SELECT all_users_group AS "group" FROM accounts WHERE account = ? AND until = ${NOW}`,
      ),
      groupsOfUser: views.prepare<{ group: number }>(
        `SELECT "group" FROM memberships WHERE user = ? AND until = ${NOW}`,
      ),
      endOfUser: views.prepare<never>(`UPDATE memberships SET until = ? WHERE user = ? AND until = ${NOW}`),
      endOfGroup: views.prepare<never>(
        `UPDATE memberships SET until = ? WHERE "group" = ? AND until = ${NOW}`,
      ),
      members: views.prepare<WithFlags<MemberView>>(
        `SELECT id, first_name, last_name, email, can_edit FROM memberships
         JOIN users ON users.user = memberships.user AND users.until = ${NOW}
         JOIN entities ON number = memberships.user
         WHERE "group" = ? AND memberships.until = ${NOW} ORDER BY memberships.user LIMIT ? OFFSET ?`,
      ),
      groups: views.prepare<WithFlags<UserGroupView>>(
        `SELECT id, name, description, can_edit, built_in FROM memberships
         JOIN groups ON groups."group" = memberships."group" AND groups.until = ${NOW}
         JOIN entities ON number = memberships."group"
         WHERE user = ? AND memberships.until = ${NOW} ORDER BY memberships."group" LIMIT ? OFFSET ?`,
      ),
      countGroups: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM memberships WHERE user = ? AND until = ${NOW}`,
      ),
    };
  }

  readonly handlers: Handlers = {
    UserCreated: ({ user_id }, at) => {
      const group = this.statements.allUsersGroup.get(at.account)?.group;
      if (group === undefined) throw new Error('An account without its group of all users');
      this.open(this.entities.number(user_id), group, false, at);
    },
    UserDeleted: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      for (const { group } of this.statements.groupsOfUser.all(user)) this.counters.add(group, 'members', -1);
      this.statements.endOfUser.run(at.revision, user);
    },
    GroupDeleted: ({ group_id }, at) => {
      const group = this.entities.number(group_id);
      this.counters.add(group, 'members', -this.counters.value(group, 'members'));
      this.statements.endOfGroup.run(at.revision, group);
    },
    UserAddedToGroup: ({ user_id, group_id, can_edit }, at) => {
      this.open(this.entities.number(user_id), this.entities.number(group_id), can_edit, at);
    },
    MembershipChanged: ({ user_id, group_id, can_edit }, at) => {
      const [user, group] = [this.entities.number(user_id), this.entities.number(group_id)];
      this.versions.change(at, { can_edit: can_edit ? 1 : 0 }, user, group);
    },
    UserRemovedFromGroup: ({ user_id, group_id }, at) => {
      const group = this.entities.number(group_id);
      this.versions.close(at, this.entities.number(user_id), group);
      this.counters.add(group, 'members', -1);
    },
  };

  members({ account, groupId, page }: ListMembers): Page<MemberView> {
    const group = this.entities.find('group', groupId, account);
    if (group === undefined) throw new Rejection('group_not_found');
    const rows = this.statements.members.all(group, page.limit, page.offset);
    return {
      rows: rows.map((row) => ({ ...row, can_edit: row.can_edit === 1 })),
      total: this.counters.value(group, 'members'),
    };
  }

  groupsOfUser({ account, userId, page }: ListGroupsOfUser): Page<UserGroupView> {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    const rows = this.statements.groups.all(user, page.limit, page.offset);
    return {
      rows: rows.map((row) => ({ ...row, can_edit: row.can_edit === 1, built_in: row.built_in === 1 })),
      total: this.statements.countGroups.get(user)?.total ?? 0,
    };
  }

  private open(user: number, group: number, can_edit: boolean, at: Occasion): void {
    this.versions.open({ user, group, can_edit: can_edit ? 1 : 0 }, at);
    this.counters.add(group, 'members', 1);
  }
}
