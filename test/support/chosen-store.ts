import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where tests of the whole service keep their log: in memory, in SQLite, or in the EventStoreDB at an address. */
const chosen = process.env['MUSTER_TEST_EVENT_STORE'] ?? 'memory';

/** Settings of a service whose log is its own and empty, and what to do when it has stopped. */
export function freshStore(): { settings: Record<string, string>; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const settings = { EVENT_STORE: chosen, MUSTER_DATA_DIR: directory };
  if (chosen === 'memory') return { settings, remove };
  const prefix = `t${randomUUID().replaceAll('-', '')}-`;
  return { settings: { ...settings, MUSTER_STREAM_PREFIX: prefix }, remove };
}
