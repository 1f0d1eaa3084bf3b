import { Query } from '@nestjs/cqrs';
import { emailKey } from '../domain/email-address.js';
import { Rejection } from '../domain/rejection.js';
import type { Counters } from './counters.js';
import type { Entities } from './entities.js';
import { type Handlers, type Page, type PageRequest, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const usersSchema = `
  CREATE TABLE users (
    user INTEGER NOT NULL, account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL, email_key TEXT NOT NULL,
    external_id TEXT, created TEXT NOT NULL,
    sign_ins INTEGER NOT NULL, last_login TEXT, locked_until TEXT, locked_since TEXT
  );
  CREATE UNIQUE INDEX users_now ON users (user) WHERE until = ${NOW};
  CREATE INDEX users_of_account ON users (account, user) WHERE until = ${NOW};
  CREATE INDEX users_by_email ON users (email_key, account) WHERE until = ${NOW};
  CREATE INDEX users_by_external_id ON users (account, external_id) WHERE until = ${NOW} AND external_id IS NOT NULL;
`;

export interface UserView {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly external_id: string | null;
  /** ISO 8601 in UTC with milliseconds. */
  readonly created: string;
  /** The last recorded sign-in with the password, as `created`; null when there was none. */
  readonly last_login: string | null;
  /** When the lock ends or has ended, as `created`; null when there is none. */
  readonly locked_until: string | null;
  /** When it was recorded, as `created`; null when there is none. */
  readonly locked_since: string | null;
}

/** What recording the next sign-in of a user depends on. */
export interface SignInsView {
  readonly last_login: string | null;
  /** How many were recorded. */
  readonly sign_ins: number;
}

export interface UserFilter {
  readonly email?: string | undefined;
  readonly external_id?: string | undefined;
}

/** The users of an account; filters are exact (e-mail: letter case aside) and combine with AND. */
export class ListUsers extends Query<Page<UserView>> {
  constructor(
    readonly account: string,
    readonly filter: UserFilter,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One user of an account. @throws Rejection user_not_found */
export class GetUser extends Query<UserView> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** The members of a group, everybody for All Users. @throws Rejection group_not_found */
export class ListUsersOfGroup extends Query<Page<UserView>> {
  constructor(
    readonly account: string,
    readonly groupId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type UserRow = {
  user: number;
  account: number;
  first_name: string;
  last_name: string;
  email: string;
  email_key: string;
  external_id: string | null;
  created: string;
  sign_ins: number;
  last_login: string | null;
  locked_until: string | null;
  locked_since: string | null;
};

const columns =
  'id, first_name, last_name, email, external_id, created, last_login, locked_until, locked_since';
const source = `users JOIN entities ON number = user WHERE until = ${NOW}`;

export class Users implements ReadModel {
  private readonly versions: Versions<UserRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly counters: Counters,
  ) {
    this.versions = new Versions<UserRow>(
      views,
      'users',
      ['user'],
      [
        ...(['user', 'account', 'first_name', 'last_name', 'email', 'email_key', 'external_id'] as const),
        ...(['created', 'sign_ins', 'last_login', 'locked_until', 'locked_since'] as const),
      ],
    );
    const list = (condition: string) =>
      views.prepare<UserView>(
        `SELECT ${columns} FROM ${source} AND users.account = ? ${condition} ORDER BY user LIMIT ? OFFSET ?`,
      );
    this.statements = {
      signIns: views.prepare<SignInsView>(
        `SELECT last_login, sign_ins FROM users WHERE user = ? AND until = ${NOW}`,
      ),
      one: views.prepare<UserView>(`SELECT ${columns} FROM ${source} AND user = ?`),
      all: list(''),
      ofGroup: views.prepare<UserView>(
        `SELECT ${columns} FROM memberships
         JOIN users ON users.user = memberships.user AND users.until = ${NOW}
         JOIN entities ON number = memberships.user
         WHERE "group" = ? AND memberships.until = ${NOW} ORDER BY memberships.user LIMIT ? OFFSET ?`,
      ),
      byEmail: list('AND email_key = ?'),
      byExternalId: list('AND external_id = ?'),
    };
  }

  readonly handlers: Handlers = {
    UserCreated: (data, at) => {
      const { user_id, first_name, last_name, email, external_id } = data;
      const user = this.entities.declare(user_id, 'user', at.account);
      const { account, time: created } = at;
      const row = {
        user,
        account,
        first_name,
        last_name,
        email,
        email_key: emailKey(email),
        external_id,
        created,
        ...{ sign_ins: 0, last_login: null, locked_until: null, locked_since: null },
      };
      this.versions.open(row, at);
      this.counters.add(account, 'users', 1);
    },
    UserRenamed: ({ user_id, first_name, last_name }, at) => {
      this.versions.change(at, { first_name, last_name }, this.entities.number(user_id));
    },
    UserEmailChanged: ({ user_id, email }, at) => {
      this.versions.change(at, { email, email_key: emailKey(email) }, this.entities.number(user_id));
    },
    UserExternalIdChanged: ({ user_id, external_id }, at) => {
      this.versions.change(at, { external_id }, this.entities.number(user_id));
    },
    UserSignedIn: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      const sign_ins = (this.versions.current(user)?.sign_ins ?? 0) + 1;
      this.versions.change(at, { sign_ins, last_login: at.time }, user);
    },
    UserLocked: ({ user_id, until }, at) => {
      this.versions.change(at, { locked_until: until, locked_since: at.time }, this.entities.number(user_id));
    },
    UserUnlocked: ({ user_id }, at) => {
      this.versions.change(at, { locked_until: null, locked_since: null }, this.entities.number(user_id));
    },
    UserDeleted: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      this.versions.close(at, user);
      this.entities.end(user);
      this.counters.add(at.account, 'users', -1);
    },
  };

  get({ account, userId }: GetUser): UserView {
    const user = this.entities.find('user', userId, account);
    const row = user === undefined ? undefined : this.statements.one.get(user);
    if (!row) throw new Rejection('user_not_found');
    return row;
  }

  /** Undefined when there is no such user. */
  signInsOf(account: string, userId: string): SignInsView | undefined {
    const user = this.entities.find('user', userId, account);
    return user === undefined ? undefined : this.statements.signIns.get(user);
  }

  list({ account, filter, page }: ListUsers): Page<UserView> {
    const number = this.entities.known(account);
    const { email, external_id } = filter;
    if (email === undefined && external_id === undefined)
      return {
        rows: this.statements.all.all(number, page.limit, page.offset),
        total: this.counters.value(number, 'users'),
      };
    // Both are unique within an account, but for addresses of older logs: a filtered list is short.
    const found =
      external_id !== undefined
        ? this.statements.byExternalId.all(number, external_id, -1, 0)
        : this.statements.byEmail.all(number, emailKey(email ?? ''), -1, 0);
    const rows = found.filter((row) => email === undefined || emailKey(row.email) === emailKey(email));
    return { rows: rows.slice(page.offset, page.offset + page.limit), total: rows.length };
  }

  ofGroup({ account, groupId, page }: ListUsersOfGroup): Page<UserView> {
    const group = this.entities.find('group', groupId, account);
    if (group === undefined) throw new Rejection('group_not_found');
    return {
      rows: this.statements.ofGroup.all(group, page.limit, page.offset),
      total: this.counters.value(group, 'members'),
    };
  }
}
