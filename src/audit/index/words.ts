/** Lengths of beginnings that are terms of their own; a longer word is a term in full besides. */
const LENGTHS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20] as const;
const WHOLE = 'z';

/** Words of a text without case and accents: runs of letters and digits, each once. */
export function wordsOf(text: string): string[] {
  // Most texts are ASCII, and what is known of all other letters costs several times the time.
  if (isAscii.test(text)) return [...new Set(text.toLowerCase().match(/[a-z0-9]+/g))];
  return [...new Set(folded(text).match(/[\p{L}\p{N}]+/gu))];
}

const isAscii = /^[\x00-\x7f]*$/;

/**
 * The terms of a word: its beginnings of some lengths, and the word itself among those of the next greater length.
 * So whatever a word begins with is found in one class of terms, and within it nothing longer than needed is looked through.
 */
export function termsOfWord(word: string): string[] {
  const letters = Array.from(word);
  const terms: string[] = [];
  for (const length of LENGTHS) {
    if (length > letters.length) break;
    terms.push(termIn(length, letters.slice(0, length).join('')));
  }
  const whole = termIn(classOf(letters.length), word);
  if (terms.at(-1) !== whole) terms.push(whole);
  return terms;
}

/** The terms of all words that begin so: from the first to before the second, or the first alone. */
export interface TermRange {
  readonly from: string;
  /** Undefined for a single term. */
  readonly before?: string;
}

/** @param beginning a word or the beginning of one, as {@link wordsOf} gives it */
export function rangeOf(beginning: string): TermRange {
  const { length } = Array.from(beginning);
  const own = classOf(length);
  const from = termIn(own, beginning);
  return own === length ? { from } : { from, before: `${from}\u{10ffff}` };
}

function classOf(length: number): number | undefined {
  return LENGTHS.find((one) => one >= length);
}

function termIn(length: number | undefined, text: string): string {
  return `q${length === undefined ? WHOLE : length.toString(36)}:${text}`;
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}
