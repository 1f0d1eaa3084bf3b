/**
 * Result codes (sqlite.org/rescode.html) that tell of what surrounds a database, not of what is in it: PERM, BUSY,
 * LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, NOLFS, AUTH.
 */
const surroundings = new Set([3, 5, 6, 7, 8, 10, 13, 14, 22, 23]);

const advice: Readonly<Record<number, string>> = {
  5: 'stop the other program that holds the file',
  10: 'see whether its disk is full, mounted read-only or failing',
  13: 'make room on its disk',
};

/** Whether the file itself may be sound: it cannot be reached, read or written for now. */
export function isEnvironmental(error: unknown): boolean {
  return surroundings.has(codeOf(error)) || (error instanceof Error && 'syscall' in error);
}

/** What has happened and what to do, for whoever runs the service. */
export function explain(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (!isEnvironmental(error)) return reason;
  const what = advice[codeOf(error)] ?? 'see who owns it and its directory, and whether both may be written';
  return `${reason}; ${what}`;
}

/** The primary result code; 0 for an error that is not SQLite's. */
function codeOf(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : 0;
  return typeof code === 'number' ? code & 0xff : 0;
}
