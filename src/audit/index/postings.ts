import { Bitmap } from './bitmap.js';

/** What a term takes besides its characters: its place among the others and the number of its last entry. */
const TERM_BYTES = 100;

/** The entries of a block by their terms, as they come. */
export class Postings {
  /** Of the terms, in the order of their coming. */
  private readonly numbers = new Map<string, number>();
  /** The last offset of each term. */
  private last = new Int32Array(256);
  /** Each pair of a term's number and an offset. */
  private terms = new Uint32Array(1024);
  private offsets = new Uint16Array(1024);
  private size = 0;
  private characters = 0;

  /** About how much memory they take. */
  get bytes(): number {
    const { numbers, characters, last, terms, offsets } = this;
    return (
      numbers.size * TERM_BYTES + 2 * characters + last.byteLength + terms.byteLength + offsets.byteLength
    );
  }

  /** The number of a term; a new one has one from then on. */
  numberOf(term: string): number {
    const known = this.numbers.get(term);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(term, number);
    this.characters += term.length;
    if (number === this.last.length) this.last = grown(this.last, new Int32Array(2 * number));
    this.last[number] = -1;
    return number;
  }

  /** Takes note that an entry has a term. Offsets come in their order. */
  note(term: number, offset: number): void {
    if (this.last[term] === offset) return;
    this.last[term] = offset;
    const { size } = this;
    if (size === this.terms.length) {
      this.terms = grown(this.terms, new Uint32Array(2 * size));
      this.offsets = grown(this.offsets, new Uint16Array(2 * size));
    }
    this.terms[size] = term;
    this.offsets[size] = offset;
    this.size += 1;
  }

  has(term: string): boolean {
    return this.numbers.has(term);
  }

  /** The offsets of a term; undefined for none. */
  bitmap(term: string): Bitmap | undefined {
    const number = this.numbers.get(term);
    return number === undefined ? undefined : this.bitmapOf((one) => one === number);
  }

  /** The offsets of all terms that begin so; undefined for none. */
  beginning(beginning: string): Bitmap | undefined {
    const wanted = new Set<number>();
    for (const [term, number] of this.numbers) if (term.startsWith(beginning)) wanted.add(number);
    return wanted.size === 0 ? undefined : this.bitmapOf((one) => wanted.has(one));
  }

  /** The terms in their order, each with its offsets, ascending. */
  *sorted(): Generator<readonly [term: string, offsets: Uint16Array]> {
    const { terms, offsets, size, numbers } = this;
    const ends = new Uint32Array(numbers.size);
    for (let at = 0; at < size; at += 1) ends[terms[at] ?? 0] = (ends[terms[at] ?? 0] ?? 0) + 1;
    for (let term = 1; term < ends.length; term += 1) ends[term] = (ends[term] ?? 0) + (ends[term - 1] ?? 0);
    const starts = ends.slice();
    const grouped = new Uint16Array(size);
    for (let at = size - 1; at >= 0; at -= 1) {
      const term = terms[at] ?? 0;
      const start = (starts[term] ?? 0) - 1;
      starts[term] = start;
      grouped[start] = offsets[at] ?? 0;
    }
    for (const term of [...numbers.keys()].sort()) {
      const number = numbers.get(term) ?? 0;
      yield [term, grouped.subarray(starts[number], ends[number])];
    }
  }

  private bitmapOf(isWanted: (term: number) => boolean): Bitmap {
    const bitmap = Bitmap.empty();
    for (let at = 0; at < this.size; at += 1)
      if (isWanted(this.terms[at] ?? 0)) bitmap.add(this.offsets[at] ?? 0);
    return bitmap;
  }
}

function grown<Numbers extends { set(from: Numbers): void }>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}
