import { DatabaseSync } from '@photostructure/sqlite';

const NOW = Number.MAX_SAFE_INTEGER;

/** The newest of the counts. */
const counted = (account, owner, what) =>
  `ifnull((SELECT value FROM counts WHERE counts.account = ${account} AND counts.owner = ${owner}
     AND what = '${what}' ORDER BY since DESC LIMIT 1), 0)`;

/** A statement does not keep its database open; this does. */
const opened = new Set();

/**
 * What the service answers to a read, by hand: one statement for the rows and one for the number of a whole list,
 * over the tables of the service's views. No caller, no rights, no validation.
 * @returns answer(resource, id, nested, query) the body as an object
 */
export function openViews(file, company) {
  const database = new DatabaseSync(file, { readOnly: true });
  opened.add(database);
  const owner = `JOIN accounts ON accounts.account = entities.account AND accounts.until = ${NOW}`;
  const user = database.prepare(
    `SELECT id, accounts.name AS company, first_name, last_name, email, users.external_id, created
     FROM entities JOIN users ON user = number AND users.until = ${NOW} ${owner}
     WHERE id = ?`,
  );
  const group = database.prepare(
    `SELECT id, groups.external_id, accounts.name AS company, groups.name, groups.description, ${counted('groups.account', 'number', 'members')} AS num_members
     FROM entities JOIN groups ON "group" = number AND groups.until = ${NOW} ${owner}
     WHERE id = ?`,
  );
  const roleUsers = database.prepare(
    `SELECT id, first_name, last_name, email FROM assignments
     JOIN users ON users.user = assignments.user AND users.until = ${NOW} JOIN entities ON number = assignments.user
     WHERE assignments.account = (SELECT number FROM entities WHERE id = ?)
     AND role = (SELECT number FROM entities WHERE id = ?) AND assignments.until = ${NOW}
     ORDER BY assignments.user LIMIT 100`,
  );
  const countRoleUsers = database.prepare(
    `SELECT count(*) AS total FROM assignments WHERE account = (SELECT number FROM entities WHERE id = ?)
     AND role = (SELECT number FROM entities WHERE id = ?) AND until = ${NOW}`,
  );
  const groups = database.prepare(
    `SELECT id, name, description FROM groups JOIN entities ON number = "group"
     WHERE groups.account = (SELECT number FROM entities WHERE id = ?) AND until = ${NOW}
     ORDER BY "group" LIMIT ? OFFSET ?`,
  );
  const countGroups = database.prepare(
    `SELECT ${counted('number', 'number', 'groups')} AS total FROM entities WHERE id = ?`,
  );
  const answer = (data) => ({ meta: { status: 200, success: true }, data });
  const list = (name, rows, total) => ({
    meta: { status: 200, success: true, count: rows.length, total },
    data: { [name]: rows },
  });
  return (resource, id, nested, query) => {
    if (resource === 'users') {
      const { external_id: _, created, ...facts } = user.get(id);
      const date_created = `${created.slice(0, 19)}Z`;
      return answer({ ...facts, date_last_login: null, date_created, is_locked_out: false });
    }
    if (resource === 'roles')
      return list('users', roleUsers.all(company, id), countRoleUsers.get(company, id).total);
    if (query !== undefined) {
      const account = query.get('client_id');
      const rows = groups.all(account, Number(query.get('limit')), Number(query.get('offset')));
      return list('groups', rows, countGroups.get(account).total);
    }
    const { external_id: _, ...facts } = group.get(id);
    return answer(facts);
  };
}
