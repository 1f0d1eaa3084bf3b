import { LRUCache } from 'lru-cache';
import type { Statement } from '../../event-store/sqlite.js';
import type { AuditDatabase } from './audit-database.js';

/** How much memory those take that are known: types of events, categories and the actors seen last. */
const MOST_BYTES = 8 * 1024 * 1024;
/** What one takes besides its characters. */
const TEXT_BYTES = 150;

/** Texts by numbers, so that a column has one number for each entry. */
export class Texts {
  private readonly numbers = new LRUCache<string, number>({
    maxSize: MOST_BYTES,
    sizeCalculation: (_, text) => TEXT_BYTES + 2 * text.length,
  });
  private readonly byText: Statement<{ number: number }>;
  private readonly byNumber: Statement<{ text: string }>;
  private readonly add: Statement<{ number: number }>;

  constructor(database: AuditDatabase) {
    this.byText = database.prepare('SELECT number FROM texts WHERE text = ?');
    this.byNumber = database.prepare('SELECT text FROM texts WHERE number = ?');
    this.add = database.prepare('INSERT INTO texts (text) VALUES (?) RETURNING number');
  }

  /** The number of a text; a new one has one from then on. */
  readonly numberOf = (text: string): number => {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = (this.byText.get(text) ?? this.add.get(text))?.number ?? 0;
    this.numbers.set(text, number);
    return number;
  };

  textOf(number: number): string {
    return this.byNumber.get(number)?.text ?? '';
  }
}
