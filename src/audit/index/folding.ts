import { requireMemory } from '../../application/account-too-large.js';
import { emptyAccountState } from '../../domain/account-state.js';
import type { Snapshot } from '../../application/snapshots.js';
import { decode } from '../../event-store/codec.js';
import { NO_STREAM, StoreUnavailable } from '../../event-store/event-store.js';
import type { AuditSource } from '../source.js';
import type { IndexedAccount } from './audit-tables.js';
import { fold } from './indexer.js';
import { Pace } from './pace.js';
import type { FoldedState } from './states.js';

/**
 * The state of an account at the revision that it is indexed to: from a snapshot, if there is a good one, and the events
 * after it.
 * @param mostBytes how much memory it may take
 * @throws UnreadableEvent, AccountTooLarge, StoreUnavailable
 */
export async function foldedState(
  source: AuditSource,
  account: IndexedAccount,
  mostBytes: number,
): Promise<FoldedState> {
  if (account.revision === NO_STREAM) return empty();
  const base = await source.snapshot(account.id);
  if (!base || !(await isOfLog(source, account, base))) return foldTo(source, account, empty(), mostBytes);
  return foldTo(source, account, { state: base.state, revision: base.revision }, mostBytes);
}

function empty(): FoldedState {
  return { state: emptyAccountState(), revision: NO_STREAM };
}

async function isOfLog(
  source: AuditSource,
  { id, revision, event_id }: IndexedAccount,
  base: Snapshot,
): Promise<boolean> {
  if (base.revision >= revision) return base.revision === revision && base.eventId === event_id;
  const [event] = await source.events(id, base.revision - 1);
  return event?.revision === base.revision && event.id === base.eventId;
}

async function foldTo(
  source: AuditSource,
  { id, revision }: IndexedAccount,
  folded: FoldedState,
  mostBytes: number,
): Promise<FoldedState> {
  const pace = new Pace();
  while (folded.revision < revision) {
    const page = await source.events(id, folded.revision);
    if (page.length === 0) throw new StoreUnavailable(`The log of the account ${id} is shorter than it was`);
    for (const event of page) {
      if (event.revision > revision) break;
      fold(folded, decode(event));
      requireMemory(id, folded.state, mostBytes);
      await pace.breath();
    }
  }
  return folded;
}
