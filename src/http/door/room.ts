/** About how many characters of texts one answer embeds at most. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** The room that an answer has for the lists that it embeds. */
export class Room {
  private left = MOST_CHARACTERS;

  /** @param rows how many rows each list may have */
  constructor(readonly rows: number) {}

  /** As many of the rows as there is room for, which they take. */
  take<Row extends object>(rows: readonly Row[]): readonly Row[] {
    for (const [place, row] of rows.entries()) {
      this.left -= charactersOf(row);
      if (this.left < 0) return rows.slice(0, place);
    }
    return rows;
  }
}

/** Of the texts that stand right in it. */
function charactersOf(row: object): number {
  let characters = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') characters += value.length;
  return characters;
}
