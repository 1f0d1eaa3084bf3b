import type { DomainEvent } from '../domain/aggregates.js';
import type { ViewsDatabase } from './views-database.js';

type EventOf<Type> = Extract<DomainEvent, { type: Type }>;
/** The events that name a user. */
type OfUser = {
  [Type in DomainEvent['type']]: EventOf<Type>['data'] extends { readonly user_id: string } ? Type : never;
}[DomainEvent['type']];

/** What may change the rights of any user of an account, or what its keys are worth. */
const ofAccount: ReadonlySet<string> = new Set<DomainEvent['type']>([
  ...(['GroupPermissionsReplaced', 'GroupDeleted', 'GroupRestored'] as const),
  ...(['RolePermissionsReplaced', 'RoleDeleted', 'RoleRestored'] as const),
  ...(['ClientStatusChanged', 'ClientClosed', 'ClientShared', 'ClientUnshared'] as const),
]);

/** What may change the rights of one user, or what that user's keys are worth. */
const ofUser: ReadonlySet<string> = new Set<OfUser>([
  ...(['UserCreated', 'UserDeleted', 'UserRestored', 'UserPermissionsReplaced', 'ApiKeyRevoked'] as const),
  ...(['UserAddedToGroup', 'UserRemovedFromGroup', 'UserAddedToRole', 'UserRemovedFromRole'] as const),
]);

/** How many counters there are. Two ids that share one are only asked about again more often. */
const COUNTERS = 1 << 16;

/**
 * Tells whether anything has happened that may change what the views say of the rights of accounts and users. It is
 * counted by id, in a room of fixed size.
 */
export class Stamps {
  private readonly counters = new Float64Array(COUNTERS);

  constructor(private readonly database: Pick<ViewsDatabase, 'rollbacks'>) {}

  /** Takes note of an event that the views show. */
  note(account: string, { type, data }: DomainEvent): void {
    if (ofAccount.has(type)) this.count(account);
    else if (ofUser.has(type) && 'user_id' in data) this.count(data.user_id);
  }

  /** A number that stays the same until something happens to one of these accounts and users. */
  of(ids: readonly string[]): number {
    let sum = this.database.rollbacks;
    for (const id of ids) sum += this.counters[placeOf(id)] ?? 0;
    return sum;
  }

  private count(id: string): void {
    const place = placeOf(id);
    this.counters[place] = (this.counters[place] ?? 0) + 1;
  }
}

/** FNV-1a, folded. */
function placeOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < id.length; place += 1)
    hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  return (hash ^ (hash >>> 16)) & (COUNTERS - 1);
}
