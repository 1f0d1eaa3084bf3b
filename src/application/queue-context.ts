import type { OtherAccounts } from '../domain/questions.js';
import type { AccountEventRecord } from '../event-store/codec.js';
import type { EventStore } from '../event-store/event-store.js';
import type { AccountCache } from './account-cache.js';
import type { StatingAccount } from './foreign-authority.js';
import type { Growth } from './growth.js';
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
  /** Called after a read of an account's log: why the account takes no commands, if it takes none. */
  readonly onRead: (account: string, error?: Error) => void;
  readonly growth: Growth;
  readonly elsewhere: OtherAccounts;
  /** Another account, as its own queue knows it. */
  readonly queueOf: (account: string) => StatingAccount;
}
