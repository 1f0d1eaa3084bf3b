import type { Statement } from '../event-store/sqlite.js';
import type { Grants, Reader } from './grants.js';
import {
  type ComparedChange,
  type ComparedThing,
  type ComparedType,
  type Extent,
  isSameWay,
  shown,
  sourceOf,
} from './compared-change.js';
import { EVERYWHERE } from './tables/roles.js';
import { type Between, difference, heldAt, VersionsBetween } from './versions-between.js';
import { NOW } from './views-database.js';

type Facts = Readonly<Record<string, string | null>>;
type Link = { readonly other: number; readonly can_edit: number };

const fields = {
  user: ['first_name', 'last_name', 'email', 'external_id'],
  group: ['name', 'description', 'external_id'],
  role: ['name', 'description'],
  account: ['name', 'super_admin', 'technical_contact', 'business_contact'],
} as const;

const idOf = (column: string) => `(SELECT id FROM entities WHERE number = ${column}) AS ${column}`;
const columns = {
  user: fields.user.join(', '),
  group: [...fields.group, 'permissions', 'built_in'].join(', '),
  role: [...fields.role, 'permissions'].join(', '),
  account: ['name', ...fields.account.slice(1).map(idOf)].join(', '),
} as const;

/** Tells of things of an account how they differ at two revisions. */
export class Differences {
  private readonly number: Statement<{ number: number; account: number }>;
  private readonly facts: Readonly<Record<ComparedType, VersionsBetween<Facts>>>;
  private readonly names: Readonly<
    Record<ComparedType, Statement<{ id: string; name: string; built_in: number }>>
  >;
  private readonly links;

  /** @param account its number @param grants at both revisions */
  constructor(
    reader: Reader,
    private readonly account: number,
    private readonly between: Between,
    private readonly grants: { readonly then: Grants; readonly now: Grants },
  ) {
    this.number = reader.prepare('SELECT number, account FROM entities WHERE id = ?');
    const each = <Of>(make: (type: ComparedType) => Of) => ({
      ...{ user: make('user'), group: make('group'), role: make('role'), account: make('account') },
    });
    this.facts = each((type) => new VersionsBetween(reader, columns[type], `${type}s`, `"${type}" = ?3`));
    this.names = each((type) => {
      const name = type === 'user' ? `trim(first_name || ' ' || last_name)` : 'name';
      const isBuiltIn = type === 'group' ? 'built_in' : '0';
      const select = (when: string) =>
        `SELECT ${name} AS name, ${isBuiltIn} AS built_in, since FROM ${type}s WHERE "${type}" = ?1 AND since <= ?2 AND ${when}`;
      return reader.prepare(
        `SELECT id, name, built_in FROM (${select(`until = ${NOW}`)} UNION ALL ${select(`until < ${NOW}`)})
         JOIN entities ON number = ?1 ORDER BY since DESC LIMIT 1`,
      );
    });
    const memberships = (own: string, other: string) =>
      new VersionsBetween<Link>(reader, `"${other}" AS other, can_edit`, 'memberships', `"${own}" = ?3`);
    this.links = {
      groups: memberships('user', 'group'),
      members: memberships('group', 'user'),
      roles: new VersionsBetween<Link>(reader, 'role AS other, 0 AS can_edit', 'assignments', 'user = ?3'),
      holders: new VersionsBetween<Link>(
        ...([reader, 'user AS other, 0 AS can_edit', 'assignments', 'account = ?4 AND role = ?3'] as const),
      ),
    };
  }

  /** What changed of a thing; nothing of one that the account never had. */
  of({ type, id }: Pick<ComparedThing, 'type' | 'id'>, extent: Extent): ComparedChange[] {
    const found = this.number.get(id);
    if (!found || (found.account !== this.account && !(type === 'role' && found.account === EVERYWHERE)))
      return [];
    const { number } = found;
    const subject = this.thing(type, number);
    if (!subject) return [];
    const changes = [...this.ofFacts(type, number), ...this.ofLinks(type, number, extent)];
    const permissions = type === 'user' ? this.ofUser(number) : this.ofSource(subject, number, extent);
    return [...changes, ...permissions].map((change) => ({ subject, ...change }));
  }

  /** The ids of users who may hold something else by a group or role, whose own permissions differ. */
  holdersOf({ type, id }: Pick<ComparedThing, 'type' | 'id'>): readonly string[] {
    const { number } = this.number.get(id) ?? {};
    if (number === undefined || (type !== 'group' && type !== 'role')) return [];
    const rows = this.facts[type].of(this.between, number);
    if (!difference(rows, this.between, ({ permissions }) => permissions)) return [];
    const links =
      type === 'group'
        ? this.links.members.of(this.between, number)
        : this.links.holders.of(this.between, number, this.account);
    return links.flatMap(({ other }) => this.thing('user', other)?.id ?? []);
  }

  private ofFacts(type: ComparedType, number: number): Omit<ComparedChange, 'subject'>[] {
    const rows = this.facts[type].of(this.between, number);
    const { from, to } = this.between;
    const isThere = [heldAt(rows, from), heldAt(rows, to)].filter((row) => row !== undefined).length;
    if (isThere < 2) {
      const record = (row: Facts) => Object.fromEntries(fields[type].map((name) => [name, row[name]]));
      return shown('existence', null, difference(rows, this.between, record));
    }
    return fields[type].flatMap((name) =>
      shown(
        'attribute',
        name,
        difference(rows, this.between, (row) => row[name]),
      ),
    );
  }

  private ofLinks(type: ComparedType, number: number, extent: Extent): Omit<ComparedChange, 'subject'>[] {
    if (type === 'account' || (type !== 'user' && extent !== 'alone')) return [];
    const edit = ({ can_edit }: Link) => ({ can_edit: can_edit === 1 });
    const held = () => true;
    const { groups, members, roles, holders } = this.links;
    if (type === 'group') return this.linked('membership', 'user', members.of(this.between, number), edit);
    if (type === 'role')
      return this.linked('role', 'user', holders.of(this.between, number, this.account), held);
    return [
      ...this.linked('membership', 'group', groups.of(this.between, number), edit),
      ...this.linked('role', 'role', roles.of(this.between, number), held),
    ];
  }

  private linked<Row extends Link & { since: number; until: number }>(
    kind: 'membership' | 'role',
    type: ComparedType,
    rows: readonly Row[],
    valueOf: (row: Row) => unknown,
  ): Omit<ComparedChange, 'subject'>[] {
    const others = new Map<number, Row[]>();
    for (const row of rows) others.set(row.other, [...(others.get(row.other) ?? []), row]);
    return [...others].flatMap(([other, versions]) => {
      const what = this.thing(type, other);
      return what ? shown(kind, what, difference(versions, this.between, valueOf)) : [];
    });
  }

  /** The effective permissions of a user. */
  private ofUser(number: number): Omit<ComparedChange, 'subject'>[] {
    const { then, now } = this.grants;
    const [before, after] = [then.of(number), now.of(number)];
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names.flatMap((permission) => {
      const [old, current] = [before.get(permission) ?? [], after.get(permission) ?? []];
      const gained = current.filter((path) => !old.some((one) => isSameWay(one, path)));
      const lost = old.filter((path) => !current.some((one) => isSameWay(one, path)));
      if (gained.length + lost.length === 0) return [];
      const ends = lost.flatMap((path) => now.lastEnded(number, permission, path)?.until ?? []);
      const because = [...new Set([...gained.map(({ since }) => since), ...ends])].sort((a, b) => a - b);
      const change = { before: old.map(sourceOf), after: current.map(sourceOf), because };
      return [{ kind: 'permission' as const, what: permission, ...change }];
    });
  }

  /** The permissions that a group or role gives. */
  private ofSource(
    { type, id, name }: ComparedThing,
    number: number,
    extent: Extent,
  ): Omit<ComparedChange, 'subject'>[] {
    if (extent !== 'alone' || (type !== 'group' && type !== 'role')) return [];
    const rows = this.facts[type].of(this.between, number).map(({ permissions, since, until }) => ({
      ...{ since, until },
      permissions: JSON.parse(permissions ?? '[]') as readonly string[],
    }));
    const names = [...new Set(rows.flatMap(({ permissions }) => permissions))];
    return names.flatMap((permission) => {
      const giving = rows.filter(({ permissions }) => permissions.includes(permission));
      const found = difference(giving, this.between, () => [{ type, id, name }]);
      if (!found) return [];
      const { before, after, because } = found;
      return [
        {
          ...{ kind: 'permission' as const, what: permission },
          ...{ before: before ?? [], after: after ?? [], because: [because] },
        },
      ];
    });
  }

  /** Undefined for what was made later, and for All Users, in which everybody is. */
  private thing(type: ComparedType, number: number): ComparedThing | undefined {
    const { id, name, built_in } = this.names[type].get(number, this.between.to) ?? {};
    return id === undefined || name === undefined || built_in === 1 ? undefined : { type, id, name };
  }
}
