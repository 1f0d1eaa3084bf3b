import { isDeepStrictEqual } from 'node:util';
import type { AccountState } from '../../domain/account-state.js';
import { eventCatalogue } from '../../domain/event-catalogue.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { Change } from '../entry.js';
import { deletionOf } from './deletion.js';
import { factsOf } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import { partOf } from './parts.js';
import { restorationOf } from './restoration.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** @param references what the event's data name */
export function changesOf(
  { event }: AccountEventRecord,
  references: readonly Reference[],
  before: AccountState,
  names: NamesOfThen,
): Told {
  const whole = deletionOf(event, references, before, names) ?? restorationOf(event, references, names);
  if (whole) return whole;
  const changes = partOf(event, references, before, names) ?? fieldsOf(event, references, before);
  return {
    changes: changes.filter((one) => !isDeepStrictEqual(one.before, one.after)),
    ended: formerContact(event, before),
  };
}

/** Each field of the data, with what the thing that the event is about had before under that name. */
function fieldsOf(
  { type, data }: AccountEventRecord['event'],
  [reference]: readonly Reference[],
  before: AccountState,
): readonly Change[] {
  const secret: readonly string[] = eventCatalogue[type].secret;
  const facts = reference ? factsOf(before, reference) : {};
  return Object.entries(data)
    .filter(([field]) => field === 'external_id' || !field.endsWith('_id'))
    .filter(([field]) => !secret.includes(field))
    .map(([field, after]: [string, unknown]) => ({ field, before: facts[field] ?? null, after, of: 0 }));
}

/** The user whom another one replaces as a contact. */
function formerContact({ type, data }: AccountEventRecord['event'], { account }: AccountState): Reference[] {
  if (type !== 'ContactAssigned') return [];
  const id = account.get('account')?.contacts[data.contact] ?? data.user_id;
  return id === data.user_id ? [] : [{ type: 'user', id }];
}
