import { Query } from '@nestjs/cqrs';
import { meaningful } from '../domain/permissions.js';
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

export const groupsSchema = `
  CREATE TABLE groups (
    "group" INTEGER NOT NULL, account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL, external_id TEXT, permissions TEXT NOT NULL, built_in INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX groups_now ON groups ("group") WHERE until = ${NOW};
  CREATE INDEX groups_of_account ON groups (account, "group") WHERE until = ${NOW};
`;

export interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly external_id: string | null;
  /** In the order they were sent. */
  readonly permissions: readonly string[];
  readonly built_in: boolean;
  readonly num_members: number;
}

/** The groups of an account; `externalId` is exact. */
export class ListGroups extends Query<Page<GroupView>> {
  constructor(
    readonly account: string,
    readonly externalId: string | undefined,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One group of an account. @throws Rejection group_not_found */
export class GetGroup extends Query<GroupView> {
  constructor(
    readonly account: string,
    readonly groupId: string,
  ) {
    super();
  }
}

type GroupRow = {
  group: number;
  account: number;
  name: string;
  description: string;
  external_id: string | null;
  permissions: string;
  built_in: number;
};

type GroupViewRow = Omit<GroupRow, 'account'> & { id: string };

const select = `SELECT id, "group", name, description, external_id, permissions, built_in
  FROM groups JOIN entities ON number = "group" WHERE until = ${NOW}`;

export class Groups implements ReadModel {
  private readonly versions: Versions<GroupRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.versions = new Versions<GroupRow>(
      views,
      'groups',
      ['group'],
      ['group', 'account', 'name', 'description', 'external_id', 'permissions', 'built_in'],
    );
    this.statements = {
      one: views.prepare<GroupViewRow>(`${select} AND "group" = ?`),
      all: views.prepare<GroupViewRow>(`${select} AND groups.account = ? ORDER BY "group" LIMIT ? OFFSET ?`),
      byExternalId: views.prepare<GroupViewRow>(`${select} AND groups.account = ? AND external_id = ?`),
    };
  }

  readonly handlers: Handlers = {
    CompanyOpened: ({ all_users_group_id }, at) => this.openAllUsers(all_users_group_id, at),
    ClientOpened: ({ all_users_group_id }, at) => this.openAllUsers(all_users_group_id, at),
    GroupCreated: ({ group_id, name, description, external_id, permissions }, at) => {
      this.open(
        group_id,
        { name, description, external_id, permissions: JSON.stringify(meaningful(permissions)), built_in: 0 },
        at,
      );
    },
    GroupRenamed: ({ group_id, name }, at) => {
      this.versions.change(at, { name }, this.entities.number(group_id));
    },
    GroupDescriptionChanged: ({ group_id, description }, at) => {
      this.versions.change(at, { description }, this.entities.number(group_id));
    },
    GroupExternalIdChanged: ({ group_id, external_id }, at) => {
      this.versions.change(at, { external_id }, this.entities.number(group_id));
    },
    GroupPermissionsReplaced: ({ group_id, permissions }, at) => {
      this.versions.change(
        at,
        { permissions: JSON.stringify(meaningful(permissions)) },
        this.entities.number(group_id),
      );
    },
    GroupDeleted: ({ group_id }, at) => {
      const group = this.entities.number(group_id);
      this.versions.close(at, group);
      this.entities.end(group);
      this.counters.add(at.account, 'groups', -1);
    },
  };

  get({ account, groupId }: GetGroup): GroupView {
    const group = this.entities.find('group', groupId, account);
    const row = group === undefined ? undefined : this.statements.one.get(group);
    if (!row) throw new Rejection('group_not_found');
    return this.view(row);
  }

  list({ account, externalId, page }: ListGroups): Page<GroupView> {
    const number = this.entities.known(account);
    if (externalId === undefined) {
      const rows = this.statements.all.all(number, page.limit, page.offset);
      return { rows: rows.map((row) => this.view(row)), total: this.counters.value(number, 'groups') };
    }
    const found = this.statements.byExternalId.all(number, externalId);
    const rows = found.slice(page.offset, page.offset + page.limit).map((row) => this.view(row));
    return { rows, total: found.length };
  }

  private view({ group, permissions, built_in, ...facts }: GroupViewRow): GroupView {
    return {
      ...facts,
      permissions: JSON.parse(permissions) as string[],
      built_in: built_in === 1,
      num_members: this.counters.value(group, 'members'),
    };
  }

  private openAllUsers(id: string, at: Occasion): void {
    const description = 'All of the users in your company';
    this.open(id, { name: 'All Users', description, external_id: null, permissions: '[]', built_in: 1 }, at);
  }

  private open(id: string, facts: Omit<GroupRow, 'group' | 'account'>, at: Occasion): void {
    const group = this.entities.declare(id, 'group', at.account);
    this.versions.open({ ...facts, group, account: at.account }, at);
    this.counters.add(at.account, 'groups', 1);
  }
}
