import { LRUCache } from 'lru-cache';
import type { Statement } from '../../event-store/sqlite.js';
import type { AuditDatabase } from './audit-database.js';

/** How many are in memory: types of events, categories and the actors seen last. */
const MOST_KNOWN = 100_000;

/** Texts by numbers, so that a column has one number for each entry. */
export class Texts {
  private readonly numbers = new LRUCache<string, number>({ max: MOST_KNOWN });
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
