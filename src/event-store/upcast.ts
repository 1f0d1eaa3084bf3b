import type { DomainEvent } from '../domain/account-state.js';
import { eventCatalogue } from '../domain/event-catalogue.js';

/** Turns the data of one version of an event into those of the next. */
type Upcaster = (data: object) => object;

/** The upcasters of an event type, the first one from version 1 to 2. Every type is at version 1 so far. */
const upcasters: { readonly [Type in DomainEvent['type']]?: readonly Upcaster[] } = {};

/** Brings event data of an older version to the version of the catalogue. */
export function upcast(type: DomainEvent['type'], version: number, data: object): object {
  const { version: current } = eventCatalogue[type];
  const steps = upcasters[type]?.slice(version - 1, current - 1) ?? [];
  return steps.reduce((older, step) => step(older), data);
}
