import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnusable } from './event-store.js';

/** Only the owner has access, because the data directory holds hashes of passwords, addresses and links. */
export const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;
const OTHERS = 0o077;

const entries = {
  'lock.db': 'file',
  'events.db': 'file',
  'views.db': 'file',
  'audit.db': 'file',
  'attempts.db': 'file',
  'subscribers.db': 'file',
  'key-uses.db': 'file',
  snapshots: 'directory',
  outbox: 'directory',
  secret: 'file',
} as const;

/** What Muster keeps in its data directory. A database includes the files that SQLite keeps beside it. */
export type DataEntry = keyof typeof entries;

/**
 * Checks that this process may read and write a data directory and some of its entries. Entries that do not
 * exist are skipped.
 * @throws StoreUnusable that names each entry the process may not use, its owner and what to do
 */
export function assertUsable(directory: string, names: readonly DataEntry[]): void {
  const problems = [
    problemOf(directory, 'directory'),
    ...names.flatMap((name) => pathsOf(directory, name).map((path) => problemOf(path, entries[name]))),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0)
    throw new StoreUnusable(`The data directory ${directory} cannot be used: ${problems.join('\n')}`);
}

/**
 * @returns which parts of a data directory other users may read or write, and what to do; undefined when
 * there are none
 */
export function exposureOf(directory: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const names = Object.keys(entries) as DataEntry[];
  const paths = [directory, ...names.flatMap((name) => pathsOf(directory, name))];
  const wide = paths.filter((path) => ((statOf(path)?.mode ?? 0) & OTHERS) !== 0);
  if (wide.length === 0) return undefined;
  const list = wide.map(quoted).join(' ');
  return `Other users of this machine have access to ${list}, which hold hashes of passwords and addresses; run: chmod go= ${list}`;
}

/** The user that this process runs as. */
export function ownUser(): string {
  return userOf(process.getuid?.() ?? 0);
}

function pathsOf(directory: string, name: DataEntry): string[] {
  const companions = entries[name] === 'file' ? ['', '-wal', '-shm', '-journal'] : [''];
  return companions.map((companion) => join(directory, name + companion));
}

function problemOf(path: string, kind: 'file' | 'directory'): string | undefined {
  const found = statOf(path);
  if (!found) return undefined;
  if (found.isDirectory() !== (kind === 'directory')) return `${path} is no ${kind}; move it away`;
  try {
    const search = kind === 'directory' ? constants.X_OK : 0;
    accessSync(path, constants.R_OK | constants.W_OK | search);
    return undefined;
  } catch (error) {
    return refusalOf(path, found, error);
  }
}

function refusalOf(path: string, { uid, mode }: Stats, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EROFS') return `${path} is on a disk that is mounted read-only; mount it writable`;
  if (code !== 'EACCES') return `${path} may not be written (${String(code)}); see lsattr and mount for why`;
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  const state = `belongs to ${userOf(uid)} with mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
  const remedy = uid === user ? `chmod u+rwX ${quoted(path)}` : `chown ${user}:${group} ${quoted(path)}`;
  return `${path} ${state}, so Muster, which runs as ${ownUser()}, may not read and write it; run: ${remedy}`;
}

/**
 * @returns undefined also for an entry of a directory that may not be searched. The check of
 * that directory reports it.
 */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function userOf(uid: number): string {
  return uid === 0 ? 'root (uid 0)' : `uid ${uid}`;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
