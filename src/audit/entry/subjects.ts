import type { AccountState } from '../../domain/account-state.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { Subject } from '../entry.js';

/** Something that an event is about. */
export type Reference = Pick<Subject, 'type' | 'id'>;

/** In this order they stand in an entry: the first is the one whose history is meant where one is asked for. */
const types = [
  ['client_id', 'client'],
  ['group_id', 'group'],
  ['user_id', 'user'],
  ['role_id', 'role'],
  ['webhook_id', 'webhook'],
] as const;

/** What the ids in an event's data name. */
export function namedIn(data: object): Reference[] {
  const named: Reference[] = [];
  for (const [field, type] of types) {
    const id: unknown = Reflect.get(data, field);
    if (typeof id === 'string') named.push({ type, id });
  }
  return named;
}

/** What an event is about; without any id in its data it is the account itself. */
export function referencesOf({ account, event }: AccountEventRecord, before: AccountState): Reference[] {
  const named = namedIn(event.data);
  if (named.length > 0) return named;
  return [{ type: isClient(event, before) ? 'client' : 'account', id: account }];
}

function isClient({ type }: AccountEventRecord['event'], { account }: AccountState): boolean {
  return type === 'ClientOpened' || typeof account.get('account')?.parent_id === 'string';
}
