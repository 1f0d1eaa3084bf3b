/** The columns of a block. Each has one number for each entry, and is looked through as a whole. */
export const columns = ['times', 'commands', 'requests', 'actors', 'events', 'categories'] as const;

export type Column = (typeof columns)[number];

/** The bytes of a column as they are stored. */
export function bytesOf(
  block: Readonly<Record<Column, Float64Array | Uint32Array>>,
  column: Column,
): Uint8Array {
  const { buffer, byteOffset, byteLength } = block[column];
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The numbers of a stored column. */
export function numbersIn(bytes: Uint8Array, column: Column): Float64Array | Uint32Array {
  // A copy, because the bytes need not begin where numbers may.
  const { buffer } = bytes.slice();
  return column === 'times' ? new Float64Array(buffer) : new Uint32Array(buffer);
}

/** FNV-1a of 32 bits: an id that is looked for is compared only where its hash stands. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
