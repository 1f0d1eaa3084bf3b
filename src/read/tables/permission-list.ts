import { EVERYTHING, permissionCatalogue, withoutEverything } from '../../domain/permissions.js';
import { integer, text } from '../versioned.js';

/** The names that this service itself asks for. */
const asked: ReadonlySet<string> = new Set([...permissionCatalogue, EVERYTHING]);

/**
 * The columns of a list of permissions, which a table has last: SQLite reads past a long text to reach what follows it.
 * `permissions` is a JSON array in the order in which they were sent, and `names` its length. `rights` is a JSON array
 * of those that this service asks for: they are few, however long the list is.
 */
export const permissionList = { names: integer, rights: text, permissions: text };

/** The values of those columns for a list that anybody sent. */
export function permissionValues(sent: readonly string[]) {
  return builtInValues(withoutEverything(sent));
}

/** The values of those columns for a list that may hold {@link EVERYTHING}. */
export function builtInValues(permissions: readonly string[]) {
  return {
    permissions: JSON.stringify(permissions),
    names: permissions.length,
    rights: JSON.stringify(permissions.filter((name) => asked.has(name))),
  };
}
