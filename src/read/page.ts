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
