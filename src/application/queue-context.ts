import type { OtherAccounts } from '../domain/questions.js';
import type { AccountEventRecord, UnreadableEvent } from '../event-store/codec.js';
import type { EventStore } from '../event-store/event-store.js';
import type { AccountCache } from './account-cache.js';
import type { StatingAccount } from './foreign-authority.js';
import type { Snapshots } from './snapshots.js';

/** What the queues of all accounts share. */
export interface QueueContext {
  readonly store: EventStore;
  readonly cache: AccountCache;
  readonly snapshots: Snapshots | undefined;
  /** Aborts when the service stops. */
  readonly closing: AbortSignal;
  readonly now: () => Date;
  /** Brings stored events to the views. */
  readonly project: (account: string, records: readonly AccountEventRecord[]) => Promise<void>;
  /** Called after a read of an account's log, with the event that could not be read if there was one. */
  readonly onRead: (account: string, error?: UnreadableEvent) => void;
  readonly elsewhere: OtherAccounts;
  /** Another account, as its own queue knows it. */
  readonly queueOf: (account: string) => StatingAccount;
}
