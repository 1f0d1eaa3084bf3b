import { LRUCache } from 'lru-cache';
import type { Entry } from '../entry.js';
import { BLOCK } from './bitmap.js';
import { hashOf } from './columns.js';
import { namesIn, termsOf } from './terms.js';
import { termsOfWord, wordsOf } from './words.js';

/** How many names are remembered with their words: they come again and again. */
const MOST_NAMES = 50_000;

const wordsOfNames = new LRUCache<string, readonly string[]>({ max: MOST_NAMES });

/** The block of an account that is being filled: what will be written when it is full, and is asked here until then. */
export class OpenBlock {
  /** Ascending offsets by term. */
  readonly postings = new Map<string, number[]>();
  readonly times = new Float64Array(BLOCK);
  readonly commands = new Uint32Array(BLOCK);
  readonly requests = new Uint32Array(BLOCK);
  readonly actors = new Uint32Array(BLOCK);
  readonly events = new Uint32Array(BLOCK);
  readonly categories = new Uint32Array(BLOCK);
  /** How many entries it has. */
  count = 0;
  /** The lists of a word's terms, so that each word is taken apart once. */
  private readonly words = new Map<string, readonly number[][]>();

  /** @param number the block's number: that of its first revision divided by {@link BLOCK} */
  constructor(readonly number: number) {}

  get isFull(): boolean {
    return this.count === BLOCK;
  }

  /** Takes the next entry. @param numberOf gives the number of a text in columns */
  add(entry: Entry, numberOf: (text: string) => number): void {
    const offset = this.count;
    for (const term of termsOf(entry)) note(this.list(term), offset);
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

  private addWords(words: readonly string[], offset: number): void {
    for (const word of words) for (const list of this.listsOf(word)) note(list, offset);
  }

  private list(term: string): number[] {
    const known = this.postings.get(term);
    if (known) return known;
    const list: number[] = [];
    this.postings.set(term, list);
    return list;
  }

  private listsOf(word: string): readonly number[][] {
    const known = this.words.get(word);
    if (known) return known;
    const lists = termsOfWord(word).map((term) => this.list(term));
    this.words.set(word, lists);
    return lists;
  }
}

function note(list: number[], offset: number): void {
  if (list[list.length - 1] !== offset) list.push(offset);
}

function wordsOfName(name: string): readonly string[] {
  const known = wordsOfNames.get(name);
  if (known) return known;
  const words = wordsOf(name);
  wordsOfNames.set(name, words);
  return words;
}
