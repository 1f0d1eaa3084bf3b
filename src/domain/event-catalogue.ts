import type { EventEntry } from './aggregate.js';
import { aggregates, type DomainEvent } from './aggregates.js';

type DataOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>['data'];

/** Every event type with its current version and its personal and secret fields. */
export const eventCatalogue = Object.assign({}, ...aggregates.map(({ events }) => events)) as {
  readonly [Type in DomainEvent['type']]: EventEntry<DataOf<Type>>;
};

export function isEventType(type: string): type is DomainEvent['type'] {
  return Object.hasOwn(eventCatalogue, type);
}
