import { countedNow, countedThen, type Total } from './tables/counts.js';
import { NOW } from './views-database.js';

/** In a question's text: the number of its account, NULL for an account that the views do not know. */
export const ACCOUNT = '?2';

/** The parts of a question's text that depend on its moment. */
export interface At {
  /** The condition of the rows that hold at the moment. @param table its name or alias */
  (table: string): string;
  /**
   * The condition that joins the row of a key that holds at the moment.
   * @param key the column that is the table's whole key
   * @param value an expression on other tables
   */
  one(table: string, key: string, value: string): string;
  /**
   * A page of the rows that hold at the moment, under the table's own name, in the order of an index.
   * @param where the condition of the list, on the first columns of an index of the table
   * @param order the column that comes next in that index
   */
  page(table: string, where: string, order: string, page: string): string;
  /** The total at the moment. */
  total(total: Total): string;
}

/** The parts for the present, also for questions about several accounts. */
export const now: At = Object.assign((table: string) => `${table}.until = ${NOW}`, {
  one: (table: string, key: string, value: string) =>
    `${table}.${key} = ${value} AND ${table}.until = ${NOW}`,
  page: (table: string, where: string, order: string, page: string) =>
    `(SELECT * FROM ${table} WHERE ${where} AND until = ${NOW} ORDER BY ${order} ${page}) ${table}`,
  total: countedNow,
});

// Rows that hold now and rows that do not are in separate indexes.
const heldOn = (prefix: string) => `${prefix}until = ${NOW} AND ${prefix}since <= ?1`;
const heldOnce = (prefix: string) =>
  `${prefix}until < ${NOW} AND ${prefix}until > ?1 AND ${prefix}since <= ?1`;

/** The parts for a revision before the one that the views show. */
export const past: At = Object.assign(
  (table: string) => `((${heldOn(`${table}.`)}) OR (${heldOnce(`${table}.`)}))`,
  {
    // The rows of a key follow one another in time. So one look finds the only row that may have held.
    one: (table: string, key: string, value: string) => {
      const first = (until: string) =>
        `(SELECT rowid FROM ${table} one WHERE one.${key} = ${value} AND ${until} LIMIT 1)`;
      const closed = first(`one.until < ${NOW} AND one.until > ?1 ORDER BY one.until`);
      return `${table}.rowid = ifnull(${closed}, ${first(`one.until = ${NOW}`)}) AND ${table}.since <= ?1`;
    },
    page: (table: string, where: string, order: string, page: string) =>
      `(SELECT * FROM ${table} WHERE ${where} AND ${heldOn('')}
        UNION ALL SELECT * FROM ${table} WHERE ${where} AND ${heldOnce('')} ORDER BY ${order} ${page}) ${table}`,
    total: countedThen,
  },
);
