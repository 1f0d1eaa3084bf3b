import type { RejectionCode } from './rejection.js';

/** What a text must be. */
export interface TextRule {
  /** To stand after "must be". */
  readonly requirement: string;
  isKeptBy(text: string): boolean;
  /** How another text is refused: bad_request, unless it says so. */
  readonly code?: RejectionCode;
}

/**
 * One character that leaves no mark where it stands alone: controls, formats, separators, marks, what fonts pass over
 * (Default_Ignorable_Code_Point, the Hangul fillers among them), and the blanks that Unicode has among letters and
 * symbols: of Braille, of Egyptian hieroglyphs, of musical notation, and the place of an object.
 */
const UNSEEN =
  '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800\\ufffc\\u{13441}\\u{13442}\\u{1d159}';

const visible = new RegExp(`[^${UNSEEN}\\p{M}]`, 'u');
/** Also what Unicode leaves to private use, or has not assigned yet. */
const hidden = new RegExp(`[${UNSEEN}\\p{C}]`, 'u');
const hiddenButSpace = new RegExp(`(?! )[${UNSEEN}\\p{C}]`, 'u');
const hiddenEdge = new RegExp(`^[${UNSEEN}]|[${UNSEEN}]$`, 'u');
/** C0, C1, line and paragraph breaks, and what turns the direction of the text behind it. */
const steering = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u;
/** Controls, C0 and C1, but tabs and ends of lines. */
const control = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** Whether some character cannot be seen, blanks among them. */
export function hasHidden(text: string): boolean {
  return hidden.test(text);
}

/** Whether a text begins or ends with what cannot be seen. */
export function hasHiddenEdge(text: string): boolean {
  return hiddenEdge.test(text);
}

/** Counts as `maxLength` of JSON Schema does: code points. */
export function isAtMost(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && Array.from(text).length <= most);
}

/** A name, of whatever has one. Joiners may stand in it, as in Persian and in emoji. */
export const nameRule: TextRule = {
  requirement:
    'a text of 1 to 255 characters, not blank, without line breaks, controls and changes of direction',
  isKeptBy: (text) => isAtMost(text, 255) && visible.test(text) && !steering.test(text),
};

/** Free text: it may be empty and have many lines. */
export const freeTextRule: TextRule = {
  requirement: 'a text of up to 4,000 characters, without controls other than tabs and ends of lines',
  isKeptBy: (text) => isAtMost(text, 4000) && !control.test(text),
};

/** What a caller says a change is for. */
export const reasonRule: TextRule = {
  requirement:
    'a text of 1 to 500 characters, not blank, without line breaks, controls and changes of direction',
  isKeptBy: (text) => isAtMost(text, 500) && visible.test(text) && !steering.test(text),
};

/** An id of another system. It is a key. */
export const externalIdRule: TextRule = {
  requirement:
    'a text of 1 to 255 printable characters that neither begins nor ends with a blank, or null for none',
  isKeptBy: (text) => text !== '' && isAtMost(text, 255) && !hiddenButSpace.test(text) && !/^ | $/.test(text),
};
