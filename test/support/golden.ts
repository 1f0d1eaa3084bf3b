import { readdirSync, readFileSync } from 'node:fs';
import { decode } from '../../src/event-store/codec.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';

const directory = new URL('../golden/', import.meta.url);
/** The text of a golden file. */
export const read = (file: string) => readFileSync(new URL(file, directory), 'utf8');
const all = readdirSync(directory).filter((file) => file !== 'SHA256SUMS');
/** The names of the files of metadata that are not those of version 1, which all others have. */
export const metadataFiles = all.filter((file) => file.startsWith('metadata.'));
/** The names of the files, one of each event and version. */
export const files = all.filter((file) => !metadataFiles.includes(file));

/** The golden records as the store would give them back, in the order in which they happened. */
export const records = files
  .map(recordIn)
  .map((record) => ({
    record,
    order: `${decode(record).metadata.time} ${String(record.revision).padStart(3, '0')}`,
  }))
  .sort((one, other) => one.order.localeCompare(other.order))
  .map(({ record }) => record);

/** The record of a golden file. */
export function recordIn(file: string): RecordedEvent {
  return recorded(JSON.parse(read(file)));
}

function recorded(value: unknown): RecordedEvent {
  if (!isRecord(value)) throw new Error('This is no record of an event');
  const { stream, revision, id, type, data, metadata } = value;
  return {
    ...{
      stream: String(stream),
      revision: Number(revision),
      id: String(id),
      type: String(type),
      position: '0',
    },
    ...{ data: JSON.stringify(data), metadata: JSON.stringify(metadata) },
  };
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
