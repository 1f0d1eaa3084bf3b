/** One page of a list in its stable order, oldest first. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The number of all rows of the list. It is the same on every page. */
  readonly total: number;
}

/**
 * In a question's text: limits the rows to the value of the parameter with this number. The `+` keeps
 * SQLite from looking at the value. For a bare parameter of LIMIT it does, and compiles the statement
 * anew at each use.
 */
export const atMost = (parameter: number) => `LIMIT +?${parameter}`;

/**
 * In a question's text: a page of rows. The parameter with this number is the limit, the next one the offset.
 */
export const pageBy = (limit: number) => `${atMost(limit)} OFFSET ?${limit + 1}`;

/**
 * A page of a list of known length. It asks for no more rows than the list has. So a look at the past ends
 * with the last row that held then, and does not go through all later ones.
 */
export function pageOf<Row>(
  total: number,
  { limit, offset }: PageRequest,
  rowsAt: (limit: number, offset: number) => readonly Row[],
): Page<Row> {
  const most = Math.min(limit, total - offset);
  return { rows: most > 0 ? rowsAt(most, offset) : [], total };
}
