import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type AccountState, emptyAccountState, evolve } from '../../src/domain/account-state.js';
import { eventCatalogue, isEventType } from '../../src/domain/event-catalogue.js';
import type { Actor } from '../../src/domain/command.js';
import { dump } from '../domain/dump.js';
import { decode, encode } from '../../src/event-store/codec.js';
import type { EventMetadata } from '../../src/domain/event.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { files, read, records } from '../support/golden.js';

const versions = Object.entries(eventCatalogue).flatMap(([type, { version }]) =>
  Array.from({ length: version }, (_, index) => `${type}.v${String(index + 1)}.json`),
);

/** Records of an older version are read as the newer one and so never written back. */
function isCurrent(record: RecordedEvent): boolean {
  const { event, metadata } = decode(record);
  return metadata.v === eventCatalogue[event.type].version;
}

function actorOf({ id, account }: EventMetadata['actor']): Actor {
  if (account !== null) return { type: 'user', id, account };
  return { type: id === 'operator' ? 'operator' : 'system' };
}

describe('the golden records', () => {
  it('are one of each event and version of the catalogue, and no others', () =>
    expect(files.sort()).toEqual(versions.sort()));

  it('are the very bytes that were committed once: a landed event never changes', () => {
    const sums = files.map((file) => `${createHash('sha256').update(read(file)).digest('hex')}  ${file}`);
    expect(sums).toEqual(read('SHA256SUMS').trimEnd().split('\n'));
  });

  it.each(records.filter(isCurrent))(
    '$type can be read, and is written back with the same bytes',
    (record) => {
      const { account, event, metadata } = decode(record);
      const { command_id, request_id, via, actor, time } = metadata;
      const meta = { commandId: command_id, requestId: request_id, via, actor: actorOf(actor) };
      const place = { account, revision: record.revision, actorRevision: actor.revision, time };
      const again = encode([event], meta, place, () => record.id).map(({ proposed }) => proposed);
      expect(again).toEqual([
        {
          id: record.id,
          type: record.type,
          data: record.data,
          metadata: JSON.stringify({ ...metadata, index: 0, count: 1 }),
        },
      ]);
    },
  );

  it('can be folded in the order in which they happened, and every one but a password shows', () => {
    // The mail that is given up is another than the one that was requested.
    const unseen = ['UserPasswordSet', 'MailGivenUp'];
    const states = new Map<string, AccountState>();
    for (const stored of records) {
      const record = decode(stored);
      const { account, event } = record;
      const state = states.get(account) ?? emptyAccountState();
      states.set(account, state);
      const before = dump(state);
      evolve(state, record);
      expect([event.type, dump(state) === before]).toEqual([event.type, unseen.includes(event.type)]);
      expect(dump(state)).not.toContain('UNDEFINED');
    }
    expect(states.size).toBe(2);
  });

  it('hold personal and secret values only in the fields that the catalogue names, and none in metadata', () => {
    for (const record of records) {
      const { event } = decode(record);
      const { personal, secret } = eventCatalogue[event.type];
      const fields = Object.entries(event.data).filter(([, value]) => typeof value === 'string');
      const names: readonly string[] = personal;
      const hashes: readonly string[] = secret;
      for (const [field, value] of fields) {
        const isPersonal = /^(first_name|last_name|email)$/.test(field);
        expect([field, isPersonal && !names.includes(field)]).toEqual([field, false]);
        expect([field, hashes.includes(field)]).toEqual([field, field.endsWith('_hash')]);
        if (names.includes(field) || hashes.includes(field)) expect(record.metadata).not.toContain(value);
      }
    }
    expect(isEventType('toString')).toBe(false);
  });
});
