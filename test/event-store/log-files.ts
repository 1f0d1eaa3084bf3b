import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { propose } from '../support/log.js';

/** A scratch directory for data directories. */
export class Scratch {
  private readonly root = mkdtempSync(join(tmpdir(), 'muster-log-'));

  /** A data directory of that name; empty or absent until something is put there. */
  at(name: string): string {
    return join(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** What {@link writeLog} writes, in the order of the log. */
export const events = Array.from({ length: 1000 }, (_, n) => propose({ n, text: 'text '.repeat(50) }));

/** Makes a log of two streams, `even` and `odd`, of 500 events each, and closes it. */
export async function writeLog(directory: string): Promise<void> {
  const store = SqliteEventStore.open(directory);
  for (let from = 0; from < 1000; from += 100) {
    await store.append('even', from / 2 - 1, events.slice(from, from + 50));
    await store.append('odd', from / 2 - 1, events.slice(from + 50, from + 100));
  }
  await store.close();
}
