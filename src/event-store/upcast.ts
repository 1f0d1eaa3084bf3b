import type { DomainEvent } from '../domain/aggregates.js';
import type { ApiKeyIssued } from '../domain/api-key.js';
import { eventCatalogue } from '../domain/event-catalogue.js';
import type { MailRequested } from '../domain/mail.js';
import { type EventMetadata, METADATA_VERSION } from '../domain/event.js';

/** Turns event data of one version into data of the next. */
type Upcaster = (data: object, metadata: EventMetadata) => object;

/**
 * The upcasters of each event type, first the one from version 1 to 2. A type without an entry is
 * still at version 1.
 */
const upcasters: { readonly [Type in DomainEvent['type']]?: readonly Upcaster[] } = {
  ApiKeyIssued: [withIssuer],
  MailRequested: [aboutNothing],
};

/** Turns event data of an older version into the version of the catalogue. */
export function upcast(type: DomainEvent['type'], metadata: EventMetadata, data: object): object {
  const { version: current } = eventCatalogue[type];
  const steps = upcasters[type]?.slice(metadata.v - 1, current - 1) ?? [];
  return steps.reduce((older, step) => step(older, metadata), data);
}

/** Metadata in the form that the first versions of the service wrote. */
export interface MetadataV1 extends Omit<EventMetadata, 'metadata_v' | 'actor' | 'credential'> {
  readonly actor: Omit<EventMetadata['actor'], 'kind'>;
}

/**
 * Upgrades metadata of version 1. That version named the operator and the service by their ids alone, and
 * held no credential.
 */
export function upcastMetadata({ actor, ...metadata }: MetadataV1): EventMetadata {
  const { id, account } = actor;
  const service = id === 'operator' ? 'operator' : 'system';
  const kind = account === null ? service : 'user';
  return { ...metadata, metadata_v: METADATA_VERSION, actor: { kind, ...actor }, credential: null };
}

/** No mail was about a webhook. */
function aboutNothing(data: object): object & Pick<MailRequested['data'], 'about'> {
  return { ...data, about: null };
}

/** Adds the issuer of a key, which was in the metadata alone. */
function withIssuer(
  data: object,
  { actor }: EventMetadata,
): object & Pick<ApiKeyIssued['data'], 'issued_by' | 'limited_by'> {
  const { id, account } = actor;
  if (account === null) return { ...data, issued_by: null, limited_by: [] };
  const isOwn = 'user_id' in data && data.user_id === id;
  return { ...data, issued_by: id, limited_by: isOwn ? [] : [{ user_id: id, account }] };
}
