/** Parts in one text that callers send back without looking into it: cursors and page tokens. */
export function opaqueText(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of such a text; none for any other text. Whether they are what they should be is still to be judged. */
export function partsOfOpaque(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
