import { countedNow, countedThen, type Total } from './tables/counts.js';
import { NOW } from './views-database.js';

/** In a question's text: the number of the account it is about, NULL for one that the views do not know. */
export const ACCOUNT = '?2';

/** What the text of a question says of the moment it is about. */
export interface At {
  /** The condition of the rows that hold then. @param table its name or alias */
  (table: string): string;
  /**
   * The condition that joins the row of a key that holds then.
   * @param key the column that is the table's whole key
   * @param value an expression on other tables
   */
  one(table: string, key: string, value: string): string;
  /**
   * A table's page of the rows that hold then, under the table's own name, read in the order of an index.
   * @param where the condition of the list, on columns that an index of the table starts with
   * @param order the column of that index which comes next
   */
  page(table: string, where: string, order: string, page: string): string;
  /** How many there are of something then. */
  total(total: Total): string;
}

/** What the text of a question about several accounts says, all of them as they are now. */
export const now: At = Object.assign((table: string) => `${table}.until = ${NOW}`, {
  one: (table: string, key: string, value: string) =>
    `${table}.${key} = ${value} AND ${table}.until = ${NOW}`,
  page: (table: string, where: string, order: string, page: string) =>
    `(SELECT * FROM ${table} WHERE ${where} AND until = ${NOW} ORDER BY ${order} ${page}) ${table}`,
  total: countedNow,
});

// The rows that hold now and those that do not are in indexes of their own.
const heldOn = (prefix: string) => `${prefix}until = ${NOW} AND ${prefix}since <= ?1`;
const heldOnce = (prefix: string) =>
  `${prefix}until < ${NOW} AND ${prefix}until > ?1 AND ${prefix}since <= ?1`;

/** What the text of a question says of any revision before that which the views show. */
export const past: At = Object.assign(
  (table: string) => `((${heldOn(`${table}.`)}) OR (${heldOnce(`${table}.`)}))`,
  {
    // The rows of a key follow one another, so that one look finds the only one that may have held.
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
