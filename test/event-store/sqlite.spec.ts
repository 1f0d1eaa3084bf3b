import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/event-store/sqlite.event-store.js';
import { eventStoreContract } from './contract.js';

eventStoreContract('the SQLite event store', () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-contract-'));
  const open = () => Promise.resolve(SqliteEventStore.open(directory));
  return { open, reopen: open, remove: () => rm(directory, { recursive: true }) };
});
