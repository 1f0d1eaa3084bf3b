/** One page of a list in its stable order, oldest first. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** All rows of the list, on every page. */
  readonly total: number;
}

/**
 * In a question's text: no more rows than its parameter of that number says. SQLite looks at the value of a bare
 * parameter of LIMIT, and compiles the statement anew at each use.
 */
export const atMost = (parameter: number) => `LIMIT +?${parameter}`;

/** In a question's text: a page of rows, by two parameters of which the first has that number. */
export const pageBy = (limit: number) => `${atMost(limit)} OFFSET ?${limit + 1}`;

/**
 * A page of a list whose length is known. It asks for no more rows than the list has, so that a look at the past
 * ends with the last row that held then and does not go through all that came later.
 */
export function pageOf<Row>(
  total: number,
  { limit, offset }: PageRequest,
  rowsAt: (limit: number, offset: number) => readonly Row[],
): Page<Row> {
  const most = Math.min(limit, total - offset);
  return { rows: most > 0 ? rowsAt(most, offset) : [], total };
}
