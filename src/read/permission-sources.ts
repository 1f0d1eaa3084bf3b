import type { At } from './at.js';

/** A source of permissions, with every permission that it gives. */
export interface SourceRow {
  readonly type: 'role' | 'group' | 'individual';
  readonly id: string | null;
  readonly name: string | null;
  readonly permissions: string;
  readonly number: number;
}

/** The sources of a user's permissions, in no order. @param user its number, in the question's text */
export const permissionSources = (at: At, user: string) =>
  `SELECT 'role' AS type, id, name, permissions, number FROM assignments
     JOIN roles ON ${at.one('roles', 'role', 'assignments.role')}
     JOIN entities ON number = assignments.role
     WHERE user = ${user} AND ${at('assignments')}
   UNION ALL
   SELECT 'group', id, name, permissions, number FROM memberships
     JOIN groups ON ${at.one('groups', '"group"', 'memberships."group"')}
     JOIN entities ON number = memberships."group"
     WHERE user = ${user} AND ${at('memberships')} AND permissions <> '[]'
   UNION ALL
   SELECT 'individual', NULL, NULL, permissions, 0 FROM individual_permissions
     WHERE user = ${user} AND ${at('individual_permissions')}`;

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
