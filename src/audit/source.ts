import type { Snapshot } from '../application/snapshots.js';
import type { RecordedEvent } from '../event-store/event-store.js';

/** Where the audit index has its events from. */
export interface AuditSource {
  /** Identifies the log. */
  logId(): Promise<string>;
  /**
   * Some events of an account after a revision, in order; none at the end of its stream.
   * @throws StoreUnavailable
   */
  events(account: string, after: number): Promise<readonly RecordedEvent[]>;
  /** Whether the thread that serves requests has much to do: what nobody waits for is left for later then. */
  isBusy(): Promise<boolean>;
  /** A state of the account to begin with, if there is one. */
  snapshot(account: string): Promise<Snapshot | undefined>;
}
