import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type AccountState, emptyAccountState, evolve } from '../../src/domain/account-state.js';
import { eventCatalogue, isEventType } from '../../src/domain/event-catalogue.js';
import { type Actor, noCredential } from '../../src/domain/command.js';
import { dump } from '../domain/dump.js';
import { decode, encode } from '../../src/event-store/codec.js';
import type { EventMetadata } from '../../src/domain/event.js';
import type { ProposedEvent, RecordedEvent } from '../../src/event-store/event-store.js';
import { files, metadataFiles, read, recordIn, records } from '../support/golden.js';

const versions = Object.entries(eventCatalogue).flatMap(([type, { version }]) =>
  Array.from({ length: version }, (_, index) => `${type}.v${String(index + 1)}.json`),
);

/** Records of an older version are read as the newer one and so never written back. */
function isCurrent(record: RecordedEvent): boolean {
  const { event, metadata } = decode(record);
  return metadata.v === eventCatalogue[event.type].version;
}

function writtenAgain(record: RecordedEvent): ProposedEvent[] {
  const { account, event, metadata } = decode(record);
  const { command_id, request_id, via, actor, credential, time, caused_by, ...more } = metadata;
  const { reason, traceparent } = more;
  const meta = {
    ...{ commandId: command_id, requestId: request_id, via, actor: actorOf(actor) },
    ...{ credential: credential ?? noCredential, reason, traceparent, causedBy: caused_by },
  };
  const place = { account, revision: record.revision, actorRevision: actor.revision, time };
  return encode([event], meta, place, () => record.id).map(({ proposed }) => proposed);
}

function actorOf({ id, account }: EventMetadata['actor']): Actor {
  if (account !== null) return { kind: 'user', id, account };
  return { kind: id === 'operator' ? 'operator' : 'system' };
}

describe('the golden records', () => {
  it('are one of each event and version of the catalogue, and no others', () =>
    expect(files.sort()).toEqual(versions.sort()));

  it('are the very bytes that were committed once: a landed event never changes', () => {
    const sums = [...files, ...metadataFiles].map(
      (file) => `${createHash('sha256').update(read(file)).digest('hex')}  ${file}`,
    );
    expect(sums).toEqual(read('SHA256SUMS').trimEnd().split('\n'));
  });

  it.each(records.filter(isCurrent))(
    '$type can be read, and is written back with the same bytes',
    (record) => {
      const { type, data } = record;
      expect(writtenAgain(record)).toMatchObject([{ type, data }]);
    },
  );

  it.each(records)('$type has the credential null, as its metadata are of version 1', (record) => {
    const { metadata } = decode(record);
    const { actor, ...stored } = JSON.parse(record.metadata) as EventMetadata;
    const kind = actor.account !== null ? 'user' : actor.id;
    expect(metadata).toEqual({ ...stored, metadata_v: 2, actor: { ...actor, kind }, credential: null });
  });

  it('are of metadata by every kind of credential, with a reason', () => {
    const metadata = metadataFiles.map((file) => decode(recordIn(file)).metadata);
    const kinds = ['api_key', 'mail_token', 'none', 'operator_key', 'password'];
    expect(metadata.map(({ credential }) => credential?.kind)).toEqual(kinds);
    expect(metadata[0]?.reason).toBe('Ticket 812: Jane hat geheiratet ✓');
  });

  it.each(metadataFiles)('%s can be read, and is written back with the same bytes', (file) => {
    const { id, type, data, metadata } = recordIn(file);
    expect(writtenAgain(recordIn(file))).toEqual([{ id, type, data, metadata }]);
  });

  it('can be folded in the order in which they happened, and every one but a password and a warning shows', () => {
    // The mail that is given up is another than the one that was requested.
    const unseen = ['UserPasswordSet', 'MailGivenUp', 'WebhookWarned'];
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
        expect([field, hashes.includes(field)]).toEqual([field, /_hash$|^sealed_/.test(field)]);
        if (names.includes(field) || hashes.includes(field)) expect(record.metadata).not.toContain(value);
      }
    }
    expect(isEventType('toString')).toBe(false);
  });
});
