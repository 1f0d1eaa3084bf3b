/**
 * Result codes (sqlite.org/rescode.html) for trouble in the surroundings of a database, not in its content:
 * PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, NOLFS, AUTH.
 */
const surroundings = new Set([3, 5, 6, 7, 8, 10, 13, 14, 22, 23]);

const makeRoom = 'make room on its disk';
const seeDisk = 'see whether its disk is full, mounted read-only or failing';
/** What to do, by SQLite's code or the system's. */
const advice: Readonly<Record<string, string>> = {
  ...{ 5: 'stop the other program that holds the file', 10: seeDisk, 13: makeRoom },
  ...{ ENOSPC: makeRoom, EDQUOT: makeRoom, EFBIG: makeRoom, EROFS: seeDisk, EIO: seeDisk },
};

/** Whether the file itself may be sound, and only cannot be reached, read or written for now. */
export function isEnvironmental(error: unknown): boolean {
  return surroundings.has(codeOf(error)) || 'syscall' in detailsOf(error);
}

/** Tells the operator what has happened and what to do. */
export function explain(error: unknown): string {
  const { message, code } = detailsOf(error);
  const reason = typeof message === 'string' ? message : String(error);
  if (!isEnvironmental(error)) return reason;
  const what =
    advice[codeOf(error)] ??
    advice[String(code)] ??
    'check the owner of it and of its directory, and that both may be written';
  return `${reason}; ${what}`;
}

/** The primary result code; 0 for an error of another source than SQLite. */
function codeOf(error: unknown): number {
  const { errcode } = detailsOf(error);
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

/** Reads an error without `instanceof`: the errors of a native package need not belong to this realm. */
function detailsOf(error: unknown): {
  readonly errcode?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
} {
  return typeof error === 'object' && error !== null ? error : {};
}
