import { LRUCache } from 'lru-cache';
import type { Entry } from '../entry.js';
import { BLOCK, type Bitmap } from './bitmap.js';
import { hashOf } from './columns.js';
import { Postings } from './postings.js';
import { namesIn, termsOf } from './terms.js';
import { termsOfWord, wordsOf } from './words.js';

/** How much memory names with their words take that are remembered because they come again and again. */
const MOST_BYTES_OF_NAMES = 16 * 1024 * 1024;
/** What a word takes besides its characters and the numbers of its terms. */
const WORD_BYTES = 200;
const COLUMN_BYTES = BLOCK * (8 + 5 * 4);

const wordsOfNames = new LRUCache<string, readonly string[]>({
  maxSize: MOST_BYTES_OF_NAMES,
  sizeCalculation: (words, name) => 200 + 2 * name.length + words.length * 100,
});

/** A word of a block. */
interface Word {
  /** The numbers of its terms. */
  readonly terms: readonly number[];
  /** The offset of the last entry that has it. */
  last: number;
}

/** The block of an account that is being filled: what will be written when it is full, and is asked here until then. */
export class OpenBlock {
  readonly times = new Float64Array(BLOCK);
  readonly commands = new Uint32Array(BLOCK);
  readonly requests = new Uint32Array(BLOCK);
  readonly actors = new Uint32Array(BLOCK);
  readonly events = new Uint32Array(BLOCK);
  readonly categories = new Uint32Array(BLOCK);
  /** How many entries it has. */
  count = 0;
  private postings = new Postings();
  /** Each word is taken apart once. */
  private words = new Map<string, Word>();
  private wordBytes = 0;
  private areSomeWritten = false;

  /** @param number the block's number: that of its first revision divided by {@link BLOCK} */
  constructor(readonly number: number) {}

  get isFull(): boolean {
    return this.count === BLOCK;
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return COLUMN_BYTES + this.termBytes;
  }

  /** About how much of it {@link takeTerms} sets free. */
  get termBytes(): number {
    return this.postings.bytes + this.wordBytes;
  }

  /** Whether the tables have terms of some of its entries. */
  get hasWritten(): boolean {
    return this.areSomeWritten;
  }

  /** Takes the next entry. @param numberOf gives the number of a text in columns */
  add(entry: Entry, numberOf: (text: string) => number): void {
    const offset = this.count;
    for (const term of termsOf(entry)) this.postings.note(this.postings.numberOf(term), offset);
    for (const name of namesIn(entry)) this.addWords(wordsOfName(name), offset);
    this.addWords(wordsOf(entry.summary), offset);
    if (entry.reason !== null) this.addWords(wordsOf(entry.reason), offset);
    this.times[offset] = Date.parse(entry.time);
    this.commands[offset] = hashOf(entry.command_id);
    this.requests[offset] = hashOf(entry.request_id);
    this.actors[offset] = numberOf(entry.actor.id ?? entry.actor.kind);
    this.events[offset] = numberOf(entry.event);
    this.categories[offset] = numberOf(entry.category);
    this.count += 1;
  }

  has(term: string): boolean {
    return this.postings.has(term);
  }

  /** The offsets of a term, without those that are written; undefined for none. */
  bitmap(term: string): Bitmap | undefined {
    return this.postings.bitmap(term);
  }

  /** The offsets of all terms that begin so, without those that are written; undefined for none. */
  beginning(beginning: string): Bitmap | undefined {
    return this.postings.beginning(beginning);
  }

  /** Hands over the terms in their order with their offsets, to be written, and forgets them. */
  takeTerms(): Iterable<readonly [term: string, offsets: Uint16Array]> {
    const taken = this.postings;
    this.postings = new Postings();
    this.words = new Map();
    this.wordBytes = 0;
    this.areSomeWritten = true;
    return taken.sorted();
  }

  private addWords(words: readonly string[], offset: number): void {
    for (const text of words) {
      const word = this.words.get(text) ?? this.addWord(text);
      if (word.last === offset) continue;
      word.last = offset;
      for (const term of word.terms) this.postings.note(term, offset);
    }
  }

  private addWord(text: string): Word {
    const word = { terms: termsOfWord(text).map((term) => this.postings.numberOf(term)), last: -1 };
    this.words.set(text, word);
    this.wordBytes += WORD_BYTES + 2 * text.length + 8 * word.terms.length;
    return word;
  }
}

function wordsOfName(name: string): readonly string[] {
  const known = wordsOfNames.get(name);
  if (known) return known;
  const words = wordsOf(name);
  wordsOfNames.set(name, words);
  return words;
}
