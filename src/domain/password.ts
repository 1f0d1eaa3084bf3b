const LEAST = 8;
const MOST = 1024;

/**
 * Whether a text may be a new password: 8 to 1,024 characters, counted as code points. Older passwords go on.
 * Hashing pads a password with NUL, so one that ends with it is none of its own.
 */
export function isPassword(text: string): boolean {
  const length = Array.from(text).length;
  return length >= LEAST && length <= MOST && text.isWellFormed() && !text.includes('\0');
}
