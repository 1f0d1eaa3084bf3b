import type { Entry, ForeignNames } from '../../src/audit/entry.js';
import { entryOf } from '../../src/audit/entry/entry-of.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import type { EventMetadata } from '../../src/domain/event.js';
import { group, recorded, stateOf, user } from '../support/domain.js';

export const nowhere: ForeignNames = { nameOf: () => undefined };

export type History = readonly (DomainEvent | readonly DomainEvent[])[];

/** The entry of an event that Ann causes after a history. */
export function entry(event: DomainEvent, history: History, metadata: Partial<EventMetadata> = {}): Entry {
  const record = recorded(event);
  const actor = { kind: 'user', id: 'ann', account: record.account, revision: 0 } as const;
  const told = { ...record, metadata: { ...record.metadata, actor, ...metadata } };
  return entryOf(stateOf(...history), told, nowhere);
}

export const jane = user('jane', { first_name: 'Jane' });
export const builders = group('builders', { name: 'Builders', permissions: ['klip.build'] });
