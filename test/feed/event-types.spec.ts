import { describe, expect, it } from '@jest/globals';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { decode } from '../../src/event-store/codec.js';
import { cloudEventOf } from '../../src/feed/cloud-event.js';
import { eventTypeOf, eventTypes } from '../../src/feed/event-types.js';
import { files, recordIn } from '../support/golden.js';
import { faultsBy } from '../support/schemas.js';

const schemaOf = (type: string, version: number) => eventTypeOf(type, version)?.schema ?? {};

describe('the schema of an event type', () => {
  it.each(files)('is what the data of the golden record %s are valid by', (file) => {
    const record = recordIn(file);
    const [, type = '', version] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
    const written: unknown = JSON.parse(record.data);
    const secret: readonly string[] = eventCatalogue[decode(record).event.type].secret;
    const open = Object.fromEntries(
      Object.entries(written as object).filter(([name]) => !secret.includes(name)),
    );
    expect(faultsBy(schemaOf(type, Number(version)), open)).toEqual([]);
    expect(faultsBy(schemaOf(type, Number(version)), { ...open, more: 1 })).not.toEqual([]);
  });

  it.each(files)('is what the CloudEvent of %s names, in the version that it was brought to', (file) => {
    const { type, dataschema, data } = cloudEventOf(decode(recordIn(file)), '');
    const version = Number(dataschema.split('/').at(-1));
    expect(version).toBe(eventCatalogue[decode(recordIn(file)).event.type].version);
    expect(faultsBy(schemaOf(type, version), data)).toEqual([]);
  });

  it('is there for every version that there ever was, and for no other', () => {
    for (const [type, { version, formerly = [] }] of Object.entries(eventCatalogue)) {
      expect([type, formerly.length]).toEqual([type, version - 1]);
      for (let one = 1; one <= version; one += 1) expect(eventTypeOf(type, one)?.version).toBe(one);
      for (const none of [0, version + 1, 0.5]) expect(eventTypeOf(type, none)).toBeUndefined();
    }
    expect(eventTypeOf('toString', 1)).toBeUndefined();
  });
});

describe('the list of event types', () => {
  it('has every event of the catalogue and those of deliveries in their current versions, in order', () => {
    const names = [
      ...Object.keys(eventCatalogue),
      'AttemptRecorded',
      'WebhookTest',
      'WebhookVerified',
    ].sort();
    expect(eventTypes.map(({ type }) => type)).toEqual(names);
    expect(eventTypes.every(({ type, version }) => eventTypeOf(type, version + 1) === undefined)).toBe(true);
  });

  it('names no secret field anywhere', () => {
    const secret = new Set(Object.values(eventCatalogue).flatMap((entry): readonly string[] => entry.secret));
    expect(secret.size).toBeGreaterThan(2);
    for (const name of secret) expect(JSON.stringify(eventTypes)).not.toContain(`"${name}"`);
  });
});
