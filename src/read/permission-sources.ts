import { Rejection } from '../domain/rejection.js';
import type { At } from './at.js';

/** What is read at most to tell what one user holds: many times what a user has in real use. */
const [MOST_BYTES, MOST_NAMES] = [4 * 1024 * 1024, 50_000];

/** A source of permissions, with every permission that it gives. */
export interface SourceRow {
  readonly type: 'role' | 'group' | 'individual';
  readonly id: string | null;
  readonly name: string | null;
  readonly permissions: string;
  readonly number: number;
}

/**
 * Selects from each kind of source of a user's permissions.
 * @param user its number, in the question's text
 * @param columns those of each kind, in the order of {@link parts}; `number` is that of the role or group
 */
function selected(at: At, user: string, columns: readonly [string, string, string]): readonly string[] {
  const [role, group, individual] = columns;
  return [
    `SELECT ${role} FROM assignments
       JOIN roles ON ${at.one('roles', 'role', 'assignments.role')}
       JOIN entities ON number = assignments.role
       WHERE user = ${user} AND ${at('assignments')}`,
    `SELECT ${group} FROM memberships
       JOIN groups ON ${at.one('groups', '"group"', 'memberships."group"')}
       JOIN entities ON number = memberships."group"
       WHERE user = ${user} AND ${at('memberships')} AND names > 0`,
    `SELECT ${individual} FROM individual_permissions
       WHERE user = ${user} AND ${at('individual_permissions')}`,
  ];
}

/** The sources of a user's permissions, in no order. @param user its number, in the question's text */
export const permissionSources = (at: At, user: string) =>
  selected(at, user, [
    "'role' AS type, id, name, permissions, number",
    "'group', id, name, permissions, number",
    "'individual', NULL, NULL, permissions, 0",
  ]).join(' UNION ALL ');

/** How much the lists of all sources of a user have together. */
export interface SourcesSize {
  readonly bytes: number;
  readonly names: number;
}

/** Selects a {@link SourcesSize}. It does not read the lists. */
export const sizeOfSources = (at: At, user: string) => {
  const size = 'octet_length(permissions) AS size, names';
  const all = selected(at, user, [size, size, size]).join(' UNION ALL ');
  return `SELECT ifnull(sum(size), 0) AS bytes, ifnull(sum(names), 0) AS names FROM (${all})`;
};

/** The different lists of all sources, of the names that the column has. */
export const differentLists = (at: At, user: string, column: 'permissions' | 'rights') => {
  const list = `${column} AS list`;
  return selected(at, user, [list, list, list]).join(' UNION ');
};

const parts: readonly SourceRow['type'][] = ['role', 'group', 'individual'];

/**
 * Orders sources: roles, groups, then the user's own. Roles and groups are in the order in
 * which they were made.
 */
export function compareSources(a: SourceRow, b: SourceRow): number {
  return parts.indexOf(a.type) - parts.indexOf(b.type) || a.number - b.number;
}

export function namesIn({ permissions }: SourceRow): readonly string[] {
  return JSON.parse(permissions) as string[];
}

/** @throws Rejection answer_too_large when the lists of a user are too much to be read at once */
export function requireReadable(size: SourcesSize | undefined): void {
  if (size && (size.bytes > MOST_BYTES || size.names > MOST_NAMES)) throw new Rejection('answer_too_large');
}
