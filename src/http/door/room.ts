/** About how many characters of texts one answer embeds at most. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
/** How many lists of full length one answer embeds at most. */
const MOST_LISTS = 10;

/** The room that an answer has for the lists that it embeds. */
export class Room {
  private left = MOST_CHARACTERS;
  private taken = 0;

  /** @param rows how many rows each list may have */
  constructor(readonly rows: number) {}

  /** Whether no more rows go in. */
  get isFull(): boolean {
    return this.left < 0 || this.taken >= MOST_LISTS * this.rows;
  }

  /** As many of the rows as there is room for, which they take. */
  take<Row extends object | string>(rows: readonly Row[]): readonly Row[] {
    for (const [place, row] of rows.entries()) {
      if (this.isFull) return rows.slice(0, place);
      this.left -= charactersOf(row);
      if (this.left < 0) return rows.slice(0, place);
      this.taken += 1;
    }
    return rows;
  }
}

/** Of the texts that stand right in it. */
function charactersOf(row: object | string): number {
  if (typeof row === 'string') return row.length;
  let characters = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') characters += value.length;
  return characters;
}
