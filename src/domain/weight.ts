/** What a text, an object or a list takes besides its content, and each of their parts. */
const [OVERHEAD_BYTES, SLOT_BYTES] = [24, 8];

/** A character beyond Latin-1, because of which every character of a text takes two bytes. */
const wide = /[^\u0000-\u00ff]/;

/** About how many bytes of memory a plain value takes. Where that is not sure it is more rather than less. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return textWeight(value);
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = OVERHEAD_BYTES;
  for (const part of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value))
    bytes += SLOT_BYTES + weightOf(part);
  return bytes;
}

function textWeight(text: string): number {
  return OVERHEAD_BYTES + text.length * (wide.test(text) ? 2 : 1);
}
