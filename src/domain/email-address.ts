import { decodePunycode, encodePunycode } from './punycode.js';
import { hasHidden, isAtMost, type TextRule } from './text.js';

/** Longer ones fit into no SMTP command (RFC 5321, 4.5.3.1), nor does an older log hold any. */
const LONGEST = 254;
/** RFC 1035, 2.3.4. */
const [LONGEST_LABEL, LONGEST_DOMAIN] = [63, 253];

const ATOM = "[\\w!#$%&'*+/=?^`{|}~\\u0080-\\u{10ffff}-]+";
const dotAtom = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
const quoted = /^"((?:[^"\\]|\\["\\])+)"$/u;
/** A letter that is written from the right. */
const RIGHT =
  '\\p{sc=Hebr}\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Thaa}\\p{sc=Nkoo}\\p{sc=Samr}\\p{sc=Mand}\\p{sc=Adlm}\\p{sc=Rohg}';
const hasRight = new RegExp(`(?=\\p{L})[${RIGHT}]`, 'u');
const isAllRight = new RegExp(`^(?=\\p{L})(?:[${RIGHT}]|\\P{L})+$`, 'u');
/** The domain that an address ends with. */
const topLevel = /^(?:[a-z]{2,}|xn--[a-z\d-]+)$/;

/**
 * An address has one form only. It has no character that cannot be seen, and neither mail servers nor IDNA change it.
 * Letter case is free.
 */
export const emailRule: TextRule = {
  requirement:
    'an e-mail address of up to 254 characters in its usual form, without blanks and what cannot be seen',
  isKeptBy: isEmailAddress,
  code: 'invalid_email',
};

function isEmailAddress(text: string): boolean {
  if (!isAtMost(text, LONGEST) || hasHidden(text) || text !== text.normalize('NFC')) return false;
  const { local, domain } = partsOf(text);
  const ascii = asciiDomain(domain);
  return (
    isLocalPart(local) &&
    isDomain(domain) &&
    octets(text) <= LONGEST &&
    octets(`${local}@${ascii}`) <= LONGEST
  );
}

/** What makes two addresses the same address: letter case and the form of the domain aside. Takes any text. */
export function emailKey(email: string): string {
  const folded = email.normalize('NFC').toLowerCase();
  if (folded.length > 2 * LONGEST || /^[^\u0080-\uffff]*$/.test(folded)) return folded;
  const { local, domain } = partsOf(folded);
  return `${local.replaceAll('ς', 'σ')}@${asciiDomain(domain)}`;
}

/** Whether mail to the one is mail to the other by their form: they differ in how the domain is written, at most. */
export function isSameMailbox(one: string, other: string): boolean {
  const [first, second] = [partsOf(one), partsOf(other)];
  return first.local === second.local && asciiDomain(first.domain) === asciiDomain(second.domain);
}

function partsOf(address: string): { readonly local: string; readonly domain: string } {
  const at = address.lastIndexOf('@');
  return { local: address.slice(0, Math.max(at, 0)), domain: address.slice(at + 1) };
}

/** A dot-atom, or a quoted string (RFC 5321, 4.1.2) where it could not be one. */
function isLocalPart(local: string): boolean {
  if (octets(local) > 64 || Array.from(local).some(isOtherLetter)) return false;
  const [, content] = quoted.exec(local) ?? [];
  return content === undefined ? dotAtom.test(local) : !dotAtom.test(content.replace(/\\(.)/gu, '$1'));
}

/** Whether a character is another one in other clothes: full width, in a circle, a ligature of ASCII letters. */
function isOtherLetter(character: string): boolean {
  const plain = character.normalize('NFKC');
  return plain !== character && (/^[\0-\x7f]+$/.test(plain) || Array.from(plain).length === 1);
}

/** Whether UTS 46 (non-transitional) takes a domain and leaves it as it is, letter case aside. */
function isDomain(domain: string): boolean {
  const labels = domain.toLowerCase().split('.').map(unicodeLabel);
  if (labels.length < 2 || !labels.every(isLabel)) return false;
  const [unicode, ascii] = [labels.join('.'), asciiDomain(domain)];
  const isMapped = /[^\0-\x7f]/.test(unicode) && mappedHost(unicode) !== ascii;
  return !isMapped && ascii.length <= LONGEST_DOMAIN && topLevel.test(ascii.split('.').at(-1) ?? '');
}

/** A label of letters, digits and hyphens, the latter neither at an end nor where only `xn--` has them. */
function isLabel(label: string): boolean {
  const isWritten = /^[a-z\d\u0080-\u{10ffff}-]+$/u.test(label) && !/^-|-$|^..--/u.test(label);
  // RFC 5893, 2: the letters of a label go one way. The parser of URLs lets some pass that do not.
  const isOneWay = !hasRight.test(label) || isAllRight.test(label);
  const isNormal = !hasHidden(label) && label === label.normalize('NFC');
  return isWritten && isOneWay && isNormal && asciiLabel(label).length <= LONGEST_LABEL;
}

/** @returns a blank text for an ASCII form that stands for nothing, or for what needs none */
function unicodeLabel(label: string): string {
  if (!label.startsWith('xn--') || label.length > LONGEST_LABEL) return label;
  const decoded = decodePunycode(label.slice(4)) ?? '';
  return asciiLabel(decoded) === label ? decoded : '';
}

function asciiDomain(domain: string): string {
  if (domain.length > 2 * LONGEST) return domain;
  return domain.normalize('NFC').toLowerCase().split('.').map(asciiLabel).join('.');
}

function asciiLabel(label: string): string {
  return /^[\0-\x7f]*$/.test(label) ? label : `xn--${encodePunycode(label)}`;
}

/** The URL Standard maps hosts by UTS 46, non-transitional, with the checks of bidi and of joiners. */
function mappedHost(host: string): string | undefined {
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length;
}
