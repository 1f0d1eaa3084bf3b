import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Snapshot, Snapshots } from '../../src/application/snapshots.js';

/** Log id of all snapshots here, so that one log can stand in for another. */
export const LOG = 'log-1';

/** Snapshots in a directory of their own that come soon; writes down at which revision each was to be saved. */
export class WatchedSnapshots extends Snapshots {
  readonly saves: { account: string; revision: number }[] = [];
  /** How many good ones were found. */
  loads = 0;
  /** Lets a test step in; `signal` aborts when the service stops. */
  beforeSave: (signal: AbortSignal) => unknown = () => undefined;
  afterSave: () => unknown = () => undefined;

  constructor(
    readonly folder: string,
    pace = { idle: 20, busy: 40 },
  ) {
    super(folder, () => Promise.resolve(LOG), pace);
  }

  override async save(account: string, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    this.saves.push({ account, revision: snapshot.revision });
    await this.beforeSave(signal);
    await super.save(account, snapshot, signal);
    await this.afterSave();
  }

  override async load(account: string, mostBytes?: number): Promise<Snapshot | undefined> {
    const snapshot = await super.load(account, mostBytes);
    if (snapshot) this.loads += 1;
    return snapshot;
  }

  /** The file of an account with a plain id. */
  pathOfPlain(account: string): string {
    return join(this.folder, `${account}.ndjson`);
  }
}

/** Makes directories that do not exist yet below one that is removed in the end. */
export class SnapshotDirectories {
  private readonly root = mkdtempSync(join(tmpdir(), 'muster-snapshots-'));
  private made = 0;

  next(): string {
    this.made += 1;
    return join(this.root, String(this.made), 'snapshots');
  }
  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** Changes the lines of a file and puts the right checksum below them. */
export function rewrite(path: string, change: (lines: string[]) => readonly string[]): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(0, -1);
  const text = change(lines)
    .map((line) => `${line}\n`)
    .join('');
  writeFileSync(path, `${text}${createHash('sha256').update(text).digest('hex')}\n`);
}
