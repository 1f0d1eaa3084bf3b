import type { DomainEvent } from '../domain/aggregates.js';
import type { EventRecord } from '../domain/event.js';
import type { NamedType } from './entry.js';

/** The name that something has from an event on. */
export interface GivenName {
  readonly type: NamedType;
  readonly id: string;
  readonly name: string;
}

/** The name that an event gives to a user, a key or the account itself: entries of other accounts may name these. */
export function givenName({ account, event }: EventRecord<DomainEvent>): GivenName | undefined {
  switch (event.type) {
    case 'UserCreated':
    case 'UserRenamed':
      return { type: 'user', id: event.data.user_id, name: fullName(event.data) };
    case 'ApiKeyIssued':
      return { type: 'key', id: event.data.key_id, name: event.data.name };
    case 'CompanyOpened':
    case 'ClientOpened':
    case 'AccountRenamed':
      return { type: 'account', id: account, name: event.data.name };
    default:
      return undefined;
  }
}

/** A user's name as a person reads it. */
export function fullName(user: { readonly first_name: string; readonly last_name: string }): string {
  return `${user.first_name} ${user.last_name}`.trim();
}
