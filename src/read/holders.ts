import { adminRole } from '../domain/built-in-roles.js';
import { EVERYTHING } from '../domain/permissions.js';
import type { Statement } from '../event-store/sqlite.js';
import { ACCOUNT, past } from './at.js';
import type { Reader } from './grants.js';
import { atMost } from './page.js';
import { EVERYWHERE } from './tables/roles.js';

interface Source {
  readonly number: number;
  readonly id: string;
  readonly permissions: string;
}

/** The users of an account who hold a permission at one revision. */
export class Holders {
  private readonly groups: Statement<Source>;
  private readonly roles: Statement<Source>;
  private readonly users: Statement<{ number: number; id: string }>;
  private readonly disabled: Statement<{ found: number }>;

  /** @param account its number */
  constructor(
    reader: Reader,
    private readonly account: number,
    private readonly revision: number,
  ) {
    const giving = (table: string, column: string, where: string) =>
      reader.prepare<Source>(
        `SELECT number, id, permissions FROM ${table} JOIN entities ON number = "${column}"
         WHERE ${where} AND (instr(permissions, ?3) OR instr(permissions, ?4)) AND ${past(table)}`,
      );
    this.groups = giving('groups', 'group', `groups.account = ${ACCOUNT}`);
    this.roles = giving('roles', 'role', `roles.account IN (${EVERYWHERE}, ${ACCOUNT})`);
    const isOneOf = (table: string, column: string, numbers: string) =>
      `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.user = users.user
         AND "${column}" IN (SELECT value FROM json_each(${numbers})) AND ${past(table)})`;
    this.users = reader.prepare(
      `SELECT number, id FROM ${past.page('users', `account = ${ACCOUNT} AND user > ?3`, 'user', '')}
       JOIN entities ON number = users.user
       WHERE ${isOneOf('assignments', 'role', '?4')} OR ${isOneOf('memberships', 'group', '?5')}
       OR EXISTS (SELECT 1 FROM individual_permissions, json_each(permissions) held
         WHERE individual_permissions.user = users.user AND held.value = ?6 AND ${past('individual_permissions')})
       ORDER BY users.user ${atMost(7)}`,
    );
    this.disabled = reader.prepare(
      `SELECT 1 AS found FROM accounts WHERE account = ${ACCOUNT} AND ${past('accounts')} AND status = 'disabled'`,
    );
  }

  /** Those after a given one, in the order in which they were made. Users of a disabled account hold nothing. */
  after(
    number: number,
    permission: string,
    most: number,
  ): readonly { readonly number: number; readonly id: string }[] {
    const [account, revision] = [this.account, this.revision];
    if (this.disabled.get(revision, account)) return [];
    const names = [permission, EVERYTHING].map((name) => JSON.stringify(name));
    const gives = ({ id, permissions }: Source) =>
      id === adminRole.id || (JSON.parse(permissions) as readonly string[]).includes(permission);
    const numbers = (sources: readonly Source[]) =>
      JSON.stringify(sources.filter(gives).map((source) => source.number));
    const groups = numbers(this.groups.all(revision, account, ...names));
    const roles = numbers(this.roles.all(revision, account, ...names));
    return this.users.all(revision, account, number, roles, groups, permission, most);
  }
}
