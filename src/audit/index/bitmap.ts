/** How many revisions a block has; a revision is at the offset `revision % BLOCK` of its block. */
export const BLOCK = 4096;

const WORDS = BLOCK / 32;
const BITSET_BYTES = BLOCK / 8;

/** A set of offsets within a block. */
export class Bitmap {
  private constructor(private readonly words: Uint32Array) {}

  static empty(): Bitmap {
    return new Bitmap(new Uint32Array(WORDS));
  }

  static of(offsets: Iterable<number>): Bitmap {
    const bitmap = Bitmap.empty();
    for (const offset of offsets) bitmap.add(offset);
    return bitmap;
  }

  /** The offsets from `from` to `to`, both included; none where `to` is less. */
  static range(from: number, to: number): Bitmap {
    const bitmap = Bitmap.empty();
    for (let word = 0; word < WORDS; word += 1) {
      const [low, high] = [Math.max(from - word * 32, 0), Math.min(to - word * 32, 31)];
      if (low > high) continue;
      const ones = high - low + 1;
      bitmap.words[word] = ones === 32 ? 0xffffffff : ((1 << ones) - 1) << low;
    }
    return bitmap;
  }

  /** @param bytes what {@link encode} has made */
  static decode(bytes: Uint8Array): Bitmap {
    const bitmap = Bitmap.empty();
    if (bytes.length === BITSET_BYTES) {
      new Uint8Array(bitmap.words.buffer).set(bytes);
      return bitmap;
    }
    for (let at = 0; at < bytes.length; at += 2) bitmap.add((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
    return bitmap;
  }

  /** Ascending offsets in two bytes each, or all bits of the block, whichever is smaller. */
  encode(): Uint8Array {
    if (this.count() * 2 >= BITSET_BYTES) return new Uint8Array(this.words.slice().buffer);
    return encodeOffsets(Uint16Array.from(this));
  }

  add(offset: number): void {
    const word = offset >>> 5;
    this.words[word] = (this.words[word] ?? 0) | (1 << (offset & 31));
  }

  has(offset: number): boolean {
    return (((this.words[offset >>> 5] ?? 0) >>> (offset & 31)) & 1) === 1;
  }

  get isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  count(): number {
    let count = 0;
    for (const word of this.words) count += ones(word);
    return count;
  }

  /** Keeps what the other has as well. */
  and(other: Bitmap): this {
    return this.combine(other, (one, two) => one & two);
  }

  /** Takes in what the other has. */
  or(other: Bitmap): this {
    return this.combine(other, (one, two) => one | two);
  }

  /** Drops what the other has. */
  andNot(other: Bitmap): this {
    return this.combine(other, (one, two) => one & ~two);
  }

  /** The least offset from `from` on; -1 without one. */
  next(from: number): number {
    for (let word = from >>> 5, mask = -1 << (from & 31); word < WORDS; word += 1, mask = -1) {
      const rest = (this.words[word] ?? 0) & mask;
      if (rest !== 0) return word * 32 + 31 - Math.clz32(rest & -rest);
    }
    return -1;
  }

  /** The greatest offset up to `from`; -1 without one. */
  previous(from: number): number {
    for (let word = from >>> 5, mask = -1 >>> (31 - (from & 31)); word >= 0; word -= 1, mask = -1) {
      const rest = (this.words[word] ?? 0) & mask;
      if (rest !== 0) return word * 32 + 31 - Math.clz32(rest);
    }
    return -1;
  }

  /** Ascending. */
  *[Symbol.iterator](): Iterator<number> {
    for (let at = this.next(0); at !== -1; at = at + 1 < BLOCK ? this.next(at + 1) : -1) yield at;
  }

  private combine(other: Bitmap, how: (one: number, two: number) => number): this {
    for (let word = 0; word < WORDS; word += 1)
      this.words[word] = how(this.words[word] ?? 0, other.words[word] ?? 0);
    return this;
  }
}

/** @param offsets ascending, each once @returns what {@link Bitmap.encode} makes of a bitmap of them */
export function encodeOffsets(offsets: Uint16Array): Uint8Array {
  if (offsets.length * 2 >= BITSET_BYTES) return Bitmap.of(offsets).encode();
  return new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength);
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
