import { visit } from 'jsonc-parser';
import { Rejection } from '../domain/rejection.js';

const MAX_DEPTH = 32;

/**
 * Reads JSON strictly: what two readers could understand differently is refused.
 * @throws Rejection bad_request for a syntax error, a key that stands twice in one object, or too deep nesting
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
        throw new Rejection('bad_request', 'A key stands twice in an object of the request body');
      seen?.add(name);
    },
    onObjectEnd: () => {
      depth -= 1;
      keys.pop();
    },
    onArrayBegin: deeper,
    onArrayEnd: () => {
      depth -= 1;
    },
  });
}
