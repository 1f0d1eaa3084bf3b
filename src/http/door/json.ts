import { visit } from 'jsonc-parser';
import { Rejection } from '../../domain/rejection.js';

const MAX_DEPTH = 32;

/**
 * Reads JSON strictly: what two readers could understand differently is refused.
 * @throws Rejection bad_request for a syntax error, a key that stands twice in one object, too deep nesting, or a number
 * that the usual number of programs, a double, does not keep as it was written
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Rejection('bad_request', 'The request body is not valid JSON');
  }
  if (typeof value === 'object' && value !== null) checkStructure(text);
  return value;
}

function checkStructure(text: string): void {
  const keys: Set<string>[] = [];
  let depth = 0;
  const deeper = () => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new Rejection('bad_request', 'The request body is nested too deeply');
  };
  visit(text, {
    onObjectBegin: () => {
      deeper();
      keys.push(new Set());
    },
    onObjectProperty: (name) => {
      const seen = keys.at(-1);
      if (seen?.has(name))
        throw new Rejection('bad_request', 'An object of the request body has the same key twice');
      seen?.add(name);
    },
    onObjectEnd: () => {
      depth -= 1;
      keys.pop();
    },
    onLiteralValue: (value: unknown, offset, length, _line, _character, path) => {
      if (typeof value === 'number' && !isKept(text.slice(offset, offset + length)))
        throw new Rejection(
          'bad_request',
          `The number at ${nameOf(path())} would lose precision: send one with fewer digits, or a text`,
        );
    },
    onArrayBegin: deeper,
    onArrayEnd: () => {
      depth -= 1;
    },
  });
}

function nameOf(path: readonly (string | number)[]): string {
  return path.map((part) => String(part).slice(0, 64)).join('.');
}

/** Whether a double has the value that is written, which it is shown with later on; it shows no minus before a zero. */
function isKept(literal: string): boolean {
  return /^-?[1-9]\d{0,14}$/.test(literal) || decimal(literal) === decimal(String(Number(literal)));
}

/** A number in the one form of its digits, without zeros at both ends, and an exponent; undefined for none. */
function decimal(literal: string): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(literal);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (digits.charAt(start) === '0') start += 1;
  while (end > start && digits.charAt(end - 1) === '0') end -= 1;
  if (start === end) return `${sign}0`;
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + (digits.length - end)}`;
}
