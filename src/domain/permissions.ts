/**
 * The vendor's published permission names, and `audit.read` of our own. Others may be granted as well: a permission is
 * any text but `*` that is not empty.
 */
export const permissionCatalogue = [
  'account.api',
  'account.api_key',
  'account.profile',
  'account.settings',
  'account.tokens',
  'account.usage',
  'admin.annotation',
  'admin.client',
  'admin.datasource',
  'admin.klip',
  'admin.tab',
  'audit.read',
  'client.access',
  'client.build',
  'client.delete',
  'client.edit',
  'client.login',
  'client.share',
  'dashboard.annotation.edit',
  'dashboard.annotation.view',
  'dashboard.fullscreen',
  'dashboard.klip',
  'dashboard.library',
  'dashboard.tab',
  'dashboard.theme',
  'datasource.create',
  'datasource.delete',
  'datasource.download',
  'datasource.edit',
  'datasource.import',
  'datasource.library',
  'datasource.share',
  'group.view',
  'klip.build',
  'klip.delete',
  'klip.download',
  'klip.edit',
  'klip.email',
  'klip.embed',
  'klip.import',
  'klip.library',
  'klip.share',
  'tab.build',
  'tab.delete',
  'tab.download',
  'tab.edit',
  'tab.email',
  'tab.import',
  'tab.publish',
  'tab.push',
  'tab.share',
  'user.manage',
  'user.view',
  'user.viewonly.manage',
] as const;

export type Permission = (typeof permissionCatalogue)[number];

/** Each of these lets a user read the log. */
export const readers: readonly Permission[] = ['audit.read', 'account.usage'];

/** How the permissions of Admins are shown: all there are. It cannot be granted. */
export const EVERYTHING = '*';

/** Older logs grant {@link EVERYTHING} to roles, groups and users. It gave them nothing, and is left out. */
export function withoutEverything(permissions: readonly string[]): readonly string[] {
  return permissions.includes(EVERYTHING) ? permissions.filter((name) => name !== EVERYTHING) : permissions;
}

/** What a user may do: everything (an Admin), or the permissions of a set. */
export type Holdings = 'everything' | ReadonlySet<string>;

export function holds(holdings: Holdings, permission: string): boolean {
  return holdings === 'everything' || holdings.has(permission);
}

/** Whether the holder holds at least what is asked for. */
export function covers(holder: Holdings, asked: Holdings | readonly string[]): boolean {
  if (holder === 'everything') return true;
  if (asked === 'everything') return false;
  for (const permission of asked) if (!holder.has(permission)) return false;
  return true;
}

/** What both hold. */
export function common(one: Holdings, other: Holdings): Holdings {
  if (one === 'everything') return other;
  if (other === 'everything') return one;
  return new Set([...one].filter((permission) => other.has(permission)));
}

/** The holdings and more. */
export function union(holdings: Holdings, more: Iterable<string>): Holdings {
  return holdings === 'everything' ? holdings : new Set([...holdings, ...more]);
}

export function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** The permissions of `after` that are not in `before`. */
export function newlyGiven(before: readonly string[], after: readonly string[]): string[] {
  const held = new Set(before);
  return after.filter((permission) => !held.has(permission));
}
