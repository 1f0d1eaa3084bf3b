import { emailKey } from './email-address.js';
import { Rejection } from './rejection.js';

interface ByEmail {
  hasOther(index: 'email', key: string, id: string): boolean;
}

interface ByExternalId {
  /** The id of what has this external id. */
  find(index: 'external_id', key: string): string | undefined;
}

/** @throws Rejection email_in_use */
export function requireFreeEmail(email: string, id: string, users: ByEmail): void {
  if (users.hasOther('email', emailKey(email), id)) throw new Rejection('email_in_use');
}

/** @throws Rejection external_id_in_use */
export function requireFreeExternalId(external_id: string | null, id: string, owners: ByExternalId): void {
  const owner = external_id === null ? undefined : owners.find('external_id', external_id);
  if (owner !== undefined && owner !== id) throw new Rejection('external_id_in_use');
}
