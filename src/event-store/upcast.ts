import type { DomainEvent } from '../domain/aggregates.js';
import type { ApiKeyIssued } from '../domain/api-key.js';
import { eventCatalogue } from '../domain/event-catalogue.js';
import type { EventMetadata } from '../domain/event.js';

/** Turns the data of one version of an event into those of the next. */
type Upcaster = (data: object, metadata: EventMetadata) => object;

/** The upcasters of an event type, the first one from version 1 to 2. A type that is not here is at version 1 so far. */
const upcasters: { readonly [Type in DomainEvent['type']]?: readonly Upcaster[] } = {
  ApiKeyIssued: [withIssuer],
};

/** Brings event data of an older version to the version of the catalogue. */
export function upcast(type: DomainEvent['type'], metadata: EventMetadata, data: object): object {
  const { version: current } = eventCatalogue[type];
  const steps = upcasters[type]?.slice(metadata.v - 1, current - 1) ?? [];
  return steps.reduce((older, step) => step(older, metadata), data);
}

/** Who made a key was in the metadata alone. */
function withIssuer(
  data: object,
  { actor }: EventMetadata,
): object & Pick<ApiKeyIssued['data'], 'issued_by' | 'limited_by'> {
  const { id, account } = actor;
  if (account === null) return { ...data, issued_by: null, limited_by: [] };
  const isOwn = 'user_id' in data && data.user_id === id;
  return { ...data, issued_by: id, limited_by: isOwn ? [] : [{ user_id: id, account }] };
}
