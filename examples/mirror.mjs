// Keeps a copy of the users, groups and roles of an account in SQLite: first as they are, then event by event.
// MUSTER_URL=http://127.0.0.1:3000 API_KEY=… [CLIENT_ID=…] node examples/mirror.mjs mirror.db
// It can be stopped at any moment, and goes on where it was.
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite'; // Node 22 has the same class in node:sqlite.

const tables = `
CREATE TABLE IF NOT EXISTS position (account TEXT PRIMARY KEY, revision INTEGER);
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, first_name, last_name, email, external_id);
CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, name, description, external_id, built_in);
CREATE TABLE IF NOT EXISTS roles (id TEXT PRIMARY KEY, name, description);
CREATE TABLE IF NOT EXISTS memberships (user_id, group_id, can_edit, PRIMARY KEY (user_id, group_id));
CREATE TABLE IF NOT EXISTS assignments (user_id, role_id, PRIMARY KEY (user_id, role_id));
CREATE TABLE IF NOT EXISTS permissions (owner_id, permission, PRIMARY KEY (owner_id, permission));
CREATE TABLE IF NOT EXISTS properties (user_id, name, value, PRIMARY KEY (user_id, name));`;
const contents = ['users', 'groups', 'roles', 'memberships', 'assignments', 'permissions', 'properties'];

export class Mirror {
  constructor(file, { url, key, client }) {
    this.db = new DatabaseSync(file);
    this.db.exec(tables);
    this.url = url;
    this.key = key;
    this.client = client;
  }

  /** The revision that the copy shows; undefined before there is one. */
  get revision() {
    return this.db.prepare('SELECT revision FROM position').get()?.revision;
  }

  /** Everything that the copy holds, for comparisons. */
  rows() {
    const all = (table) => this.db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all();
    return Object.fromEntries(contents.map((table) => [table, all(table)]));
  }

  /** Copies the account as it is now, or was at a revision. All pages show that one moment, whatever is written meanwhile. */
  async bootstrap(asOf) {
    const now = await this.get('/api/v2/account', asOf === undefined ? {} : { as_of: asOf });
    const [account, at] = now.headers.get('muster-revision').split('@');
    const as_of = Number(at);
    const [users, groups, roles] = [
      await this.list('/api/1.0/users', { as_of, include_roles: true }, (body) => body.data.users),
      await this.list('/api/v2/groups', { as_of }, (body) => body),
      await this.list('/api/1.0/roles', { as_of }, (body) => body.data.roles),
    ];
    // Permissions and properties of one user, members of one group, permissions of one role: a request each.
    const more = new Map();
    for (const { id } of users) {
      const { permissions } = (await this.get(`/api/v2/users/${id}/permissions`, { as_of })).body;
      const { properties } = (await this.get(`/api/1.0/users/${id}/properties`, { as_of })).body.data;
      more.set(id, { permissions, properties });
    }
    // An answer has a bounded size: of a list within it that is longer, it says how long it is.
    for (const user of users)
      if ('roles_total' in user) {
        const roles = `/api/1.0/users/${user.id}/roles`;
        user.roles = (await this.list(roles, { as_of }, (body) => body.data.roles)).map(({ id }) => id);
      }
    for (const group of groups) {
      const { id } = group;
      if (group.permissions === null)
        group.permissions = (await this.get(`/api/v2/groups/${id}`, { as_of })).body.permissions;
      more.set(id, await this.list(`/api/v2/groups/${id}/users`, { as_of }, (body) => body));
    }
    for (const { id } of roles)
      more.set(id, (await this.get(`/api/1.0/roles/${id}`, { as_of, full: true })).body.data.permissions);
    this.together(() => {
      for (const table of contents) this.run(`DELETE FROM ${table}`);
      for (const user of users) {
        this.put('users', user, ['id', 'first_name', 'last_name', 'email', 'external_id']);
        for (const role_id of user.roles) this.put('assignments', { user_id: user.id, role_id });
        this.permit(user.id, more.get(user.id).permissions);
        this.setProperties(user.id, more.get(user.id).properties);
      }
      for (const group of groups) {
        this.put('groups', { ...group, built_in: Number(group.built_in) });
        for (const { id, can_edit } of more.get(group.id)) this.join(id, group.id, can_edit);
        this.permit(group.id, group.permissions);
      }
      for (const role of roles) {
        this.put('roles', role);
        this.permit(role.id, more.get(role.id));
      }
      this.put('position', { account, revision: as_of });
    });
  }

  /** Takes over the next events, if there are any within so many seconds. */
  async follow(wait = 0, limit = 1000) {
    const { body } = await this.get('/api/v2/events', { after: this.revision, wait, limit });
    // Events and position together: nothing is lost and nothing taken twice, wherever the process is stopped.
    this.together(() => {
      for (const event of body.events) this.apply(event);
      this.run('UPDATE position SET revision = ?', body.next);
    });
    return body.events.length;
  }

  /** What an event means for the tables: the column "effect" of docs/events.md. Others change nothing here. */
  apply({ type, data }) {
    const { user_id, group_id, role_id } = data;
    switch (type) {
      case 'UserCreated':
      case 'UserRestored':
        this.put('users', { ...data, id: user_id }, [
          'id',
          'first_name',
          'last_name',
          'email',
          'external_id',
        ]);
        this.run('INSERT INTO memberships SELECT ?, id, 0 FROM groups WHERE built_in = 1', user_id);
        for (const one of data.memberships ?? []) this.join(user_id, one.group_id, one.can_edit);
        for (const one of data.roles ?? []) this.put('assignments', { user_id, role_id: one });
        this.permit(user_id, data.permissions ?? []);
        return this.setProperties(user_id, data.properties ?? {});
      case 'UserRenamed':
      case 'UserEmailChanged':
      case 'UserExternalIdChanged':
        return this.change('users', user_id, data);
      case 'UserDeleted':
        for (const table of ['memberships', 'assignments', 'properties'])
          this.run(`DELETE FROM ${table} WHERE user_id = ?`, user_id);
        this.permit(user_id, []);
        return this.run('DELETE FROM users WHERE id = ?', user_id);
      case 'UserPropertiesSet':
        return this.setProperties(user_id, data.properties);
      case 'UserPropertyDeleted':
        return this.run('DELETE FROM properties WHERE name = ?', data.name);
      case 'GroupCreated':
      case 'GroupRestored':
        this.put('groups', { ...data, id: group_id, built_in: 0 });
        for (const one of data.memberships ?? []) this.join(one.user_id, group_id, one.can_edit);
        return this.permit(group_id, data.permissions);
      case 'GroupRenamed':
      case 'GroupDescriptionChanged':
      case 'GroupExternalIdChanged':
        return this.change('groups', group_id, data);
      case 'GroupDeleted':
        this.run('DELETE FROM memberships WHERE group_id = ?', group_id);
        this.permit(group_id, []);
        return this.run('DELETE FROM groups WHERE id = ?', group_id);
      case 'UserAddedToGroup':
      case 'MembershipChanged':
        return this.join(user_id, group_id, data.can_edit);
      case 'UserRemovedFromGroup':
        return this.run('DELETE FROM memberships WHERE user_id = ? AND group_id = ?', user_id, group_id);
      case 'RoleCreated':
      case 'RoleRestored':
        this.put('roles', { ...data, id: role_id });
        for (const one of data.users ?? []) this.put('assignments', { user_id: one, role_id });
        return this.permit(role_id, data.permissions);
      case 'RoleRenamed':
      case 'RoleDescriptionChanged':
        return this.change('roles', role_id, data);
      case 'RoleDeleted':
        this.run('DELETE FROM assignments WHERE role_id = ?', role_id);
        this.permit(role_id, []);
        return this.run('DELETE FROM roles WHERE id = ?', role_id);
      case 'UserAddedToRole':
        return this.put('assignments', { user_id, role_id });
      case 'UserRemovedFromRole':
        return this.run('DELETE FROM assignments WHERE user_id = ? AND role_id = ?', user_id, role_id);
      case 'UserPermissionsReplaced':
      case 'GroupPermissionsReplaced':
      case 'RolePermissionsReplaced':
        return this.permit(user_id ?? group_id ?? role_id, data.permissions);
      case 'ClientClosed':
        for (const table of contents) this.run(`DELETE FROM ${table}`);
    }
  }

  join(user_id, group_id, can_edit) {
    this.put('memberships', { user_id, group_id, can_edit: Number(can_edit) });
  }

  permit(owner_id, permissions) {
    this.run('DELETE FROM permissions WHERE owner_id = ?', owner_id);
    for (const permission of permissions) this.put('permissions', { owner_id, permission });
  }

  /** "" is the same as no value. */
  setProperties(user_id, properties) {
    for (const [name, value] of Object.entries(properties))
      if (value !== '') this.put('properties', { user_id, name, value });
      else this.run('DELETE FROM properties WHERE user_id = ? AND name = ?', user_id, name);
  }

  put(table, row, fields = this.fieldsOf(table)) {
    const values = fields.map((field) => row[field] ?? null);
    this.run(`INSERT OR REPLACE INTO ${table} (${fields}) VALUES (${fields.map(() => '?')})`, ...values);
  }

  change(table, id, data) {
    for (const field of this.fieldsOf(table))
      if (field in data) this.run(`UPDATE ${table} SET ${field} = ? WHERE id = ?`, data[field], id);
  }

  fieldsOf(table) {
    return this.db
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => name);
  }

  run(sql, ...values) {
    this.db.prepare(sql).run(...values);
  }

  together(work) {
    this.db.exec('BEGIN');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  async list(path, query, rowsIn) {
    const rows = [];
    for (;;) {
      const page = rowsIn((await this.get(path, { ...query, limit: 100, offset: rows.length })).body);
      rows.push(...page);
      if (page.length < 100) return rows;
    }
  }

  async get(path, query) {
    const { key, client } = this;
    const sent = new URLSearchParams({ ...query, ...(client === undefined ? {} : { client_id: client }) });
    for (;;) {
      const answer = await fetch(`${this.url}${path}?${sent}`, {
        headers: { authorization: `Bearer ${key}`, 'kf-api-key': key },
      }).catch(() => undefined);
      // A connection that ends in the middle of an answer is no answer.
      const text = await answer?.text().catch(() => undefined);
      if (text !== undefined && answer.ok) return { headers: answer.headers, body: JSON.parse(text) };
      if (text !== undefined && answer.status !== 429 && answer.status < 500) throw new Error(text);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { MUSTER_URL: url = 'http://127.0.0.1:3000', API_KEY: key = '', CLIENT_ID: client } = process.env;
  const mirror = new Mirror(process.argv[2] ?? 'mirror.db', { url, key, client });
  if (mirror.revision === undefined) await mirror.bootstrap();
  for (;;) {
    const { revision } = mirror;
    console.log(`The copy shows revision ${revision}`);
    while (mirror.revision === revision) await mirror.follow(30);
  }
}
