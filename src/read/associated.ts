import type { At } from './at.js';
import { USERS } from './found.js';
import { MomentList } from './moment-statement.js';
import type { Moment } from './moment.js';
import { atMost } from './page.js';
import type { ViewsDatabase } from './views-database.js';

/** What users have of a kind: lists by their ids, and how long each list is as a whole. */
export type OfUsers<Value> = ReadonlyMap<
  string,
  { readonly values: readonly Value[]; readonly total: number }
>;

interface Kind<Row, Value> {
  /** The table, and what joins its rows to the user `self` at the moment. */
  readonly source: (at: At) => string;
  readonly columns: string;
  readonly joins: (at: At) => string;
  readonly order: string;
  readonly view: (row: Row) => Value;
}

/** What many users have of one kind. One statement counts it, and one finds it for all users. */
export class Associated<Row extends object, Value> {
  private readonly totals: MomentList<{ user: string; total: number }>;
  private readonly rows: MomentList<Row & { user: string }>;
  private readonly view: (row: Row) => Value;

  constructor(database: ViewsDatabase, { source, columns, joins, order, view }: Kind<Row, Value>) {
    this.totals = new MomentList(
      database,
      (at) =>
        `SELECT users.value AS user, count(*) AS total FROM ${USERS} CROSS JOIN ${source(at)} GROUP BY users.key`,
    );
    this.rows = new MomentList(
      database,
      (at) =>
        `SELECT users.value AS user, ${columns} FROM ${USERS} CROSS JOIN ${source(at)} ${joins(at)}
         ORDER BY users.key, ${order} ${atMost(4)}`,
    );
    this.view = view;
  }

  /**
   * The first of it, user by user in the order of the ids.
   * @param most how many there may be of all users together
   */
  of(at: Moment, users: readonly string[], most: number): OfUsers<Value> {
    const totals = new Map(
      this.totals.all(at, JSON.stringify(users)).map(({ user, total }) => [user, total]),
    );
    const { whole, cut, room } = fitting(users, totals, most);
    const rows = whole.length > 0 ? this.rows.all(at, JSON.stringify(whole), most) : [];
    // Only of one user a part is taken, so that no more is looked at than that one has.
    if (cut !== undefined && room > 0) rows.push(...this.rows.all(at, JSON.stringify([cut]), room));
    const found = new Map(users.map((id) => [id, { values: [] as Value[], total: totals.get(id) ?? 0 }]));
    for (const row of rows) found.get(row.user)?.values.push(this.view(row));
    return found;
  }
}

/** The users whose lists fit in as a whole, and the one of whose list a part does. */
function fitting(users: readonly string[], totals: ReadonlyMap<string, number>, most: number) {
  const whole: string[] = [];
  let [room, cut]: [number, string | undefined] = [most, undefined];
  for (const user of users) {
    const total = totals.get(user) ?? 0;
    if (total === 0) continue;
    if (cut === undefined && total > room) cut = user;
    else if (cut === undefined) {
      whole.push(user);
      room -= total;
    }
  }
  return { whole, cut, room };
}
